/**
 * The shop's SQL. Nothing here sleeps: the cost grows with what a user owns, as in any app that grew up.
 */

/** How often each word stands in all of a user's comments: reads and splits every one of them. */
export const COMMENT_WORDS = `
  select word, count(*)::int as times
  from comment, regexp_split_to_table(body, ' ') as word
  where author_id = $1
  group by word order by times desc limit 10`;

export const EDIT_NEWEST = `
  update comment set body = $2
  where id = (select id from comment where author_id = $1 order by created_at desc limit 1)`;

export const COMMENT_COUNT =
  "select count(*)::int as comments from comment where author_id = $1 and body like '%cache%'";

/** The newest posts of those a user follows, with how many comments each has. */
export const FEED = `
  select p.id, p.title, p.body, p.created_at,
         (select count(*)::int from comment c where c.post_id = p.id) as comments
  from post p join follow f on f.followed_id = p.author_id
  where f.follower_id = $1 order by p.created_at desc limit 40`;

export const THREAD = `
  select c.id, c.body, p.name from comment c join person p on p.id = c.author_id
  where c.post_id = $1 order by c.created_at limit 200`;

export const POST = "select id, title, body from post where id = $1";

/** Comments by month and by the hour of the day, with how long their words are: a report that nobody indexed for. */
export const REPORT = `
  select date_trunc('month', c.created_at) as month, extract(hour from c.created_at)::int as hour,
         count(*)::int as comments, avg(length(c.body))::float8 as "averageLength", count(distinct c.post_id)::int as posts,
         percentile_cont(0.9) within group (order by length(c.body)) as "p90Length"
  from comment c where c.author_id = $1 group by 1, 2 order by 1, 2`;

export const SEARCH = "select id, title from post where body ilike '%' || $1 || '%' order by created_at desc limit 20";

export const CART = "select product, amount from cart_item where person_id = $1 order by product";

export const SET_ABOUT = "update person set about = $2 where id = $1";

export const ALL_PEOPLE = `
  select p.id, p.name, count(c.id)::int as comments
  from person p left join comment c on c.author_id = p.id group by p.id order by comments desc limit 50`;

export const POSTS_OF = "select id, title, created_at from post where author_id = $1 order by created_at desc limit 30";

export const LAST_COMMENT = `
  select c.body, p.name from comment c join person p on p.id = c.author_id
  where c.post_id = $1 order by c.created_at desc limit 1`;

/**
 * How many comments of others are exactly as long as one of this author's. Asked without an author it compares every comment with
 * every other: nobody thought of that when it was written.
 */
export const ALIKE = `
  select count(*)::float8 as pairs from comment a join comment b on length(a.body) = length(b.body) and a.author_id <> b.author_id
  where $1::int is null or a.author_id = $1`;

export const ALL_COMMENTS = "select count(*) from comment where body like $1";
