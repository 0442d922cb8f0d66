import pg from "pg";

/** So many posts by a tenth as many authors, each with comments: 0, 1, 2, … 9 of them. */
export async function fillBlog(url: string, posts: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`
    create table author (id serial primary key, name text not null, boss_id int references author (id));
    create table post (
      id serial primary key, title text not null, shown boolean not null default true,
      author_id int not null references author (id), editor_id int references author (id)
    );
    create table comment (id serial primary key, post_id int not null references post (id), text text not null);
    create table tag (id serial primary key, name text not null);
    create table "_PostToTag" ("A" int not null references post (id), "B" int not null references tag (id));
    create table visit (id serial primary key, post_id int not null);
    create index on post (author_id);
    create index on comment (post_id);
    create index on "_PostToTag" ("A");
    insert into author (name) select 'author ' || at from generate_series(1, ${Math.ceil(posts / 10)}) at;
    insert into post (title, author_id, editor_id)
      select 'post ' || at, 1 + (at * 7) % ${Math.ceil(posts / 10)}, case when at % 2 = 0 then 1 + at % ${Math.ceil(posts / 10)} end
      from generate_series(1, ${posts}) at;
    insert into comment (post_id, text)
      select post, 'comment ' || number from generate_series(1, ${posts}) post, generate_series(1, post % 10) number;
    insert into tag (name) select 'tag ' || at from generate_series(1, 20) at;
    insert into "_PostToTag" select at, 1 + at % 20 from generate_series(1, ${posts}) at;
    analyze;
  `);
  await client.end();
}
