// interchange: files of other password managers, read and written; pure. This file: which program wrote a CSV, by its
// header, and what each column is.

/** What a column holds. `own` goes into a field of the person's own; `other` is of no use outside the program. */
export type Role =
  | 'title'
  | 'username'
  | 'email'
  | 'password'
  | 'uri'
  | 'uris'
  | 'notes'
  | 'totp'
  | 'path'
  | 'tags'
  | 'favourite'
  | 'archived'
  | 'reprompt'
  | 'type'
  | 'created'
  | 'changed'
  | 'holder'
  | 'number'
  | 'expires'
  | 'code'
  | 'pin'
  | 'fields'
  | 'mark'
  | 'other'
  | 'own'

const names: Readonly<Record<Exclude<Role, 'own'>, string>> = {
  title: 'title name account accountname itemname label service site',
  username: 'username user login loginname loginusername userid usernameemail',
  email: 'email emailaddress mail',
  password: 'password pass loginpassword passwort motdepasse',
  uri: 'url uri website webaddress websiteurl loginuri loginurl link address',
  uris: 'autofillurls additionalurls',
  notes: 'notes note extra comments comment notesplain description',
  totp: 'totp otpauth otp otpsecret otpurl logintotp onetimepassword twofactor twofactorsecret 2fa authenticator',
  path: 'group grouping folder vault category collections collection',
  tags: 'tags tag',
  favourite: 'fav favorite favourite favoritestatus starred pinned',
  archived: 'archived archivedstatus',
  reprompt: 'reprompt',
  type: 'type itemtype',
  created: 'created createtime timecreated createdat creationdate',
  changed: 'lastmodified modifytime timepasswordchanged modified updatedat changed',
  holder: 'cardholdername cardholder nameoncard',
  number: 'cardnumber creditcardnumber',
  expires: 'expirydate expirationdate expires',
  code: 'cvc cvv securitycode',
  pin: 'pin',
  fields: 'fields',
  mark: 'keyhearth',
  other: 'guid timelastused httprealm formactionorigin icon archiveddate',
}

const roles: ReadonlyMap<string, Role> = new Map(
  Object.entries(names).flatMap(([role, all]) =>
    all.split(' ').map((name) => [name, role as Role] as const),
  ),
)

/** A header in whatever case, with or without spaces. */
const plain = (column: string): string => column.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')

export const roleOf = (column: string): Role => roles.get(plain(column)) ?? 'own'

/** What a table of logins can be told by: most other tables have a name and a note, too. */
const telling: ReadonlySet<Role> = new Set([
  'username',
  'email',
  'password',
  'uri',
  'totp',
  'notes',
])

/** A column by which a CSV is known as one of secrets. */
export const isTellingColumn = (column: string): boolean => {
  const role = roleOf(column)
  return telling.has(role) || role === 'title'
}

export type Writer =
  | 'keyhearth'
  | 'bitwarden'
  | 'lastpass'
  | 'firefox'
  | 'proton'
  | 'keepassxc'
  | 'one-password'
  | 'safari'
  | 'chrome'
  | 'other'

/** Columns that only this program writes together; the first row that fits is it. */
const writers: readonly (readonly [writer: Writer, columns: string, format: string])[] = [
  ['keyhearth', 'name loginusername loginpassword keyhearth', 'Keyhearth CSV'],
  ['bitwarden', 'name loginusername loginpassword reprompt', 'Bitwarden CSV'],
  ['bitwarden', 'type name loginuri loginusername loginpassword', 'Bitwarden CSV'],
  ['lastpass', 'url username password extra name grouping', 'LastPass CSV'],
  ['firefox', 'url username password httprealm formactionorigin', 'Firefox CSV'],
  ['proton', 'type name url password note totp createtime', 'Proton Pass CSV'],
  ['proton', 'name url username password note totp createtime', 'Proton Pass CSV'],
  ['keepassxc', 'group title username password url notes', 'KeePassXC CSV'],
  ['one-password', 'title url username password otpauth favorite', '1Password CSV'],
  ['one-password', 'title website username password favoritestatus', '1Password CSV'],
  ['one-password', 'title url username password favorite archived', '1Password CSV'],
  ['safari', 'title url username password notes otpauth', 'Safari CSV'],
  ['safari', 'title url username password otpauth', 'Safari CSV'],
  ['chrome', 'name url username password', 'Chrome or Edge CSV'],
]

/** NordPass and others have Chrome's columns and many more. */
const chromeColumns = 5

export function writerOf(header: readonly string[]): { writer: Writer; format: string } {
  const columns = new Set(header.map(plain))
  const found = writers.find(
    ([writer, needed]) =>
      needed.split(' ').every((column) => columns.has(column)) &&
      (writer !== 'chrome' || columns.size <= chromeColumns),
  )
  return found ? { writer: found[0], format: found[2] } : { writer: 'other', format: 'CSV' }
}
