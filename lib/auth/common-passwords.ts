/**
 * Passwords of at least 8 characters that are chosen most often, and so are tried first, in small letters. Kept short on
 * purpose: the limits of sign-in see to it that nobody gets through a long list.
 */
const COMMON = `
  password passw0rd p@ssword p@ssw0rd pa55word pa$$word passwort motdepasse contrasena password! password1 password2
  password12 password123 password1234 passw0rd1 p@ssw0rd1 mypassword newpassword yourpassword thepassword
  12345678 123456789 1234567890 0123456789 9876543210 987654321 87654321 123123123 12341234 123454321 12121212 11223344
  1122334455 112233445566 123321123 147258369 159357456 741852963 789456123 135792468 102030405060 11112222 12344321
  123456789a a123456789 1234567a a1234567 12345678a 1234567q 123456abc abc123456 abc12345 abcd1234 abcd12345 1234abcd
  123456qwerty qwerty123 qwerty1234 qwerty12345 qwerty123456 qwerty12 qwertyui qwertyuiop qwerty111 123qwe123 123qweasd
  qwe123qwe qweasdzxc qweqweqwe 1qaz2wsx 1qaz2wsx3edc 1qaz!qaz 1qazxsw2 zaq12wsx zaq1zaq1 zaq1xsw2 !qaz2wsx q1w2e3r4
  q1w2e3r4t5 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1q2w3e4r5 qazwsxedc qazwsx123 asdfghjk asdfghjkl asdfasdf asdf1234
  asdfqwer qwerasdf qwerasdfzxcv zxcvbnm1 zxcvbnm123 zxcvbnm, zxcvzxcv poiuytrewq mnbvcxz1 lkjhgfdsa qwertz123 qwertzuiop
  azertyuiop azerty123 11111111 111111111 1111111111 00000000 000000000 0000000000 22222222 33333333 44444444 55555555
  66666666 77777777 88888888 99999999 aaaaaaaa xxxxxxxx
  iloveyou iloveyou1 iloveyou2 iloveyou! ilovegod ilovejesus loveyou1 loveme123 sunshine sunshine1 princess princess1
  football football1 baseball baseball1 basketball hockey123 soccer123 superman superman1 batman123 spiderman starwars
  startrek starwars1 pokemon1 pokemon123 naruto123 minecraft minecraft1 fortnite roblox123 superstar trustno1 letmein1
  letmein123 letmein! welcome1 welcome12 welcome123 welcome1! welcome2 dragon123 monkey123 master123 shadow123 hunter123
  michael1 michelle jennifer jessica1 jonathan christian christina elizabeth alexander alexandra charlotte benjamin
  stephanie danielle1 samantha victoria nicholas anthony1 veronica valentina francesco federico giovanni
  computer computer1 internet internet1 whatever whatever1 corvette mercedes ferrari1 porsche1 mustang1 chevelle
  liverpool liverpool1 chelsea1 arsenal1 barcelona barcelona1 realmadrid manchester juventus1
  chocolate butterfly butterfly1 blessed1 jesus123 freedom1 forever1 midnight november december september summer123
  winter123 spring123 autumn123 summer2023 summer2024 summer2025 summer2026 winter2023 winter2024 winter2025 winter2026
  administrator admin123 admin1234 admin12345 admin123! adminadmin admin@123 root1234 rootroot toor1234 superuser
  changeme changeme1 changeme123 changeit default1 default123 temppass temp1234 temporary testtest test1234 test12345
  testing123 testing1 tester123 demo1234 guest123 guest1234 user1234 username login123 secret123 secret12 topsecret
  hello123 helloworld access14 access123 security security1 server123 database database1 postgres postgres1 docker123
  github123 company1 company123 office123 manager1 service1 operator support1 support123
`;

const KNOWN = new Set(COMMON.trim().split(/\s+/));

/** Rows of keyboards and alphabets: stretches of them are tried first, too. */
const ROWS = [
  "abcdefghijklmnopqrstuvwxyz",
  "0123456789",
  "1234567890",
  "qwertyuiop",
  "asdfghjkl",
  "zxcvbnm",
  "qwertzuiop",
  "azertyuiop",
];
const RUNS = ROWS.flatMap((row) => [row.repeat(3), row.split("").reverse().join("").repeat(3)]);

/** Whether a password is among the first that anybody tries: a common one, a stretch of keys, or one piece repeated. */
export function isCommonPassword(password: string): boolean {
  const small = password.toLowerCase();
  return KNOWN.has(small) || RUNS.some((run) => run.includes(small)) || /^(.{1,4})\1+.?$/u.test(small);
}
