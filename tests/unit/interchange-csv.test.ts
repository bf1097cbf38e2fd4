// CSV of browsers and password managers: which program wrote it, every column in its place, and what files in the wild
// do to encodings, line ends, quotes and widths. Headers are those that the programs write.

import { describe, expect, test } from 'vitest'
import { readExport } from '../../src/interchange/readExport.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const read = (text: string | Uint8Array) =>
  readExport({ name: 'export', bytes: typeof text === 'string' ? utf8(text) : text })
const firstItem = async (text: string) => (await read(text)).items[0]

const utf16 = (text: string, littleEndian: boolean, mark: boolean) => {
  const whole = mark ? `\u{feff}${text}` : text
  const view = new DataView(new ArrayBuffer(whole.length * 2))
  for (let at = 0; at < whole.length; at++)
    view.setUint16(at * 2, whole.charCodeAt(at), littleEndian)
  return new Uint8Array(view.buffer)
}

describe('whose CSV it is', () => {
  test('Chrome and Edge', async () => {
    const { format, items } = await read(
      'name,url,username,password,note\nexample.com,https://example.com/login,ada,"p,""w",first\n',
    )
    expect(format).toBe('Chrome or Edge CSV')
    expect(items).toEqual([
      {
        item: {
          kind: 'login',
          title: 'example.com',
          fields: { username: 'ada', password: 'p,"w' },
          uris: ['https://example.com/login'],
          notes: 'first',
          own: [],
          tags: [],
          favourite: false,
        },
      },
    ])
  })

  test('Firefox: titles from hosts, times', async () => {
    const { format, items } = await read(
      '"url","username","password","httpRealm","formActionOrigin","guid","timeCreated","timeLastUsed","timePasswordChanged"\n' +
        '"https://example.com:8443","ada","x",,"https://example.com","{1}","1600000000000","1700000000000","1650000000000"\n',
    )
    expect(format).toBe('Firefox CSV')
    expect(items[0]).toMatchObject({
      createdAt: 1_600_000_000_000,
      changedAt: 1_650_000_000_000,
      item: { title: 'example.com:8443', own: [] },
    })
  })

  test('Safari, with one-time codes', async () => {
    const { format, items } = await read(
      'Title,URL,Username,Password,Notes,OTPAuth\nA,https://a.example/,u,p,n,otpauth://totp/a?secret=JBSWY3DPEHPK3PXP\n',
    )
    expect(format).toBe('Safari CSV')
    expect(items[0]?.item.fields).toEqual({
      username: 'u',
      password: 'p',
      totp: 'otpauth://totp/a?secret=JBSWY3DPEHPK3PXP',
    })
  })

  test('LastPass: folders, favourites, and what it writes as notes', async () => {
    const header = 'url,username,password,totp,extra,name,grouping,fav\n'
    const { format, items } = await read(
      `${header}https://a.example,u,p,JBSWY3DP,,A,Work\\Servers,1\n` +
        'http://sn,,,,"just text",Plain,,0\n' +
        'http://sn,,,,"NoteType:Credit Card\nLanguage:en-US\nName on Card:Ada L\nType:Visa\nNumber:4111\nSecurity Code:123\nStart Date:,\nExpiration Date:October,2030\nNotes:mine\nand more",Card,,0\n' +
        'http://sn,,,,"NoteType:SSH Key\nLanguage:en-US\nBit Strength:\nFormat:\nPassphrase:s\nPrivate Key:-----BEGIN\nabc\n-----END\nPublic Key:ssh-ed25519 AAAA\nHostname:h\nDate:,\nNotes:",Key,,0\n' +
        'http://sn,,,,"NoteType:Address\nTitle:mrs\nFirst Name:Ada\nMiddle Name:\nLast Name:Lovelace\nAddress 1:1 Road\nAddress 2:Flat 2\nCity / Town:London\nCountry:UK\nEmail Address:a@b.c\nNotes:",Me,,0\n' +
        'http://sn,,,,"NoteType:Wi-Fi Password\nSSID:net\nPassword:pw\nNotes:",Wifi,,0\n',
    )
    expect(format).toBe('LastPass CSV')
    const kinds = items.map(({ item }) => item.kind)
    expect(kinds).toEqual(['login', 'note', 'card', 'ssh-key', 'identity', 'note'])
    const [login, note, card, key, me, wifi] = items.map(({ item }) => item)
    expect(login).toMatchObject({ favourite: true, tags: ['Work/Servers'] })
    expect(note?.notes).toBe('just text')
    expect(card).toMatchObject({
      fields: { holder: 'Ada L', number: '4111', code: '123', expires: '10/2030' },
      notes: 'mine\nand more',
    })
    expect(key?.fields).toEqual({
      privateKey: '-----BEGIN\nabc\n-----END',
      publicKey: 'ssh-ed25519 AAAA',
      passphrase: 's',
    })
    expect(me?.fields).toMatchObject({
      name: 'mrs Ada Lovelace',
      street: '1 Road\nFlat 2',
      city: 'London',
    })
    expect(wifi?.own).toEqual([
      { name: 'SSID', value: 'net', hidden: false },
      { name: 'Password', value: 'pw', hidden: true },
    ])
  })

  test('Bitwarden: fields, several addresses, folders', async () => {
    const { format, items, unmapped } = await read(
      'folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp\n' +
        'Social,1,login,Twitter,,"PIN: 1234\nhint: a: b",1,"https://x.example,https://y.example/?a=1,2",me,pw,SEED\n' +
        ',,note,My note,text,,0,,,,\n',
    )
    expect(format).toBe('Bitwarden CSV')
    expect(items[0]?.item).toMatchObject({
      tags: ['Social'],
      favourite: true,
      uris: ['https://x.example', 'https://y.example/?a=1,2'],
      own: [
        { name: 'PIN', value: '1234', hidden: true },
        { name: 'hint', value: 'a: b', hidden: false },
      ],
    })
    expect(items[1]?.item).toMatchObject({ kind: 'note', notes: 'text' })
    expect(items.map(({ askAgain }) => askAgain)).toEqual([true, undefined])
    expect(unmapped).toEqual([])
  })

  test('1Password 8', async () => {
    const { format, items } = await read(
      'Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes\nA,https://a.example,u,p,,true,false,x;y,n\n',
    )
    expect(format).toBe('1Password CSV')
    expect(items[0]?.item).toMatchObject({ favourite: true, tags: ['x', 'y'], notes: 'n' })
  })

  test('Proton Pass: e-mail addresses and names, cards and identities in JSON', async () => {
    const card = JSON.stringify({
      cardholderName: 'A',
      number: '4',
      expirationDate: '2031-02',
      verificationNumber: '9',
      pin: '1',
      note: 'n',
    })
    const quoted = `"${card.replaceAll('"', '""')}"`
    const { format, items } = await read(
      'type,name,url,email,username,password,note,totp,createTime,modifyTime,vault\n' +
        'login,A,"https://a.example, https://b.example",a@b.c,ada,p,,,1700000000,1700000001,Personal\n' +
        `creditCard,C,,,,,${quoted},,1700000000,1700000001,Personal\n`,
    )
    expect(format).toBe('Proton Pass CSV')
    expect(items[0]).toMatchObject({
      createdAt: 1_700_000_000_000,
      item: {
        fields: { username: 'ada' },
        uris: ['https://a.example', 'https://b.example'],
        own: [{ name: 'Email', value: 'a@b.c' }],
        tags: ['Personal'],
      },
    })
    expect(items[1]?.item).toMatchObject({
      kind: 'card',
      fields: { holder: 'A', number: '4', expires: '02/2031', code: '9', pin: '1' },
      notes: 'n',
    })
  })

  test('KeePassXC: groups without the name of the database', async () => {
    const { format, items } = await read(
      '"Group","Title","Username","Password","URL","Notes","TOTP","Icon","Last Modified","Created"\n' +
        '"Passwords/Work/Mail","A","u","p","https://a.example","n","","0","2024-01-02T03:04:05Z","2023-01-02T03:04:05Z"\n',
    )
    expect(format).toBe('KeePassXC CSV')
    expect(items[0]).toMatchObject({
      createdAt: Date.UTC(2023, 0, 2, 3, 4, 5),
      item: { tags: ['Work/Mail'] },
    })
  })

  test('another: columns by common names, the unknown as own fields', async () => {
    const { format, items } = await read(
      'Service;Login;Passwort;Website;Customer number;API token\nShop;ada;pw;shop.example;77;tk\n',
    )
    expect(format).toBe('CSV')
    expect(items[0]?.item).toMatchObject({
      title: 'Shop',
      fields: { username: 'ada', password: 'pw' },
      uris: ['shop.example'],
      own: [
        { name: 'Customer number', value: '77', hidden: false },
        { name: 'API token', value: 'tk', hidden: true },
      ],
    })
  })

  test('cards in a table of everything', async () => {
    const card = await firstItem(
      'name,url,username,password,note,cardholdername,cardnumber,cvc,expirydate,folder\nVisa,,,,n,Ada,4111,123,10/30,Money\n',
    )
    expect(card?.item).toMatchObject({
      kind: 'card',
      fields: { holder: 'Ada', number: '4111', code: '123', expires: '10/2030' },
      tags: ['Money'],
    })
  })
})

describe('what files in the wild are like', () => {
  const rows = 'NAME,Url,UserName,PASSWORD\nä,https://a.example,ü,"\u{1f600}"\n'

  test.each([
    ['UTF-8', utf8(rows)],
    ['UTF-8 with a mark', utf8(`\u{feff}${rows}`)],
    ['UTF-16 LE', utf16(rows, true, false)],
    ['UTF-16 LE with a mark', utf16(rows, true, true)],
    ['UTF-16 BE', utf16(rows, false, false)],
    ['UTF-16 BE with a mark', utf16(rows, false, true)],
    ['CRLF', utf8(rows.replaceAll('\n', '\r\n'))],
    ['CR', utf8(rows.replaceAll('\n', '\r'))],
    ['no last newline', utf8(rows.trimEnd())],
    ['empty lines', utf8(rows.replaceAll('\n', '\n\n'))],
  ])('%s', async (_, bytes) => {
    const { items, unmapped } = await read(bytes)
    expect(
      items.map(({ item }) => [item.title, item.fields['username'], item.fields['password']]),
    ).toEqual([['ä', 'ü', '\u{1f600}']])
    expect(unmapped).toEqual([])
  })

  test('another encoding is refused, not guessed', async () => {
    const latin = Uint8Array.from(
      [...'url,username,password\na,\xfc,b'].map((c) => c.charCodeAt(0)),
    )
    await expect(read(latin)).rejects.toMatchObject({ code: 'bad-encoding' })
  })

  test('newlines in quotes, and a cell of a million letters', async () => {
    const notes = `line 1\nline 2\r\n${'x'.repeat(1_000_000)}`
    const item = await firstItem(`name,url,username,password,note\na,b,c,d,"${notes}"\n`)
    expect(item?.item.notes).toBe(notes)
  })

  test('ragged rows are brought over and named', async () => {
    const { items, unmapped } = await read(
      'name,url,username,password\nshort,https://a.example,u\nlong,https://b.example,u,p,more\nwhole,https://c.example,u,p\n',
    )
    expect(items.map(({ item }) => item.title)).toEqual(['short', 'long', 'whole'])
    expect(unmapped.map(({ entry }) => entry)).toEqual(['Row 2', 'Row 3'])
  })

  test('a file cut off inside quotes says where', async () => {
    const { unmapped } = await read('name,url,username,password,note\na,b,c,d,"cut o')
    expect(unmapped).toContainEqual({ entry: 'Row 2', what: expect.stringContaining('cut off') })
  })

  test('columns of one name: the first is the one, the others stay', async () => {
    const item = await firstItem(
      'name,url,url,username,password,Password\na,https://1.example,https://2.example,u,p1,p2\n',
    )
    expect(item?.item).toMatchObject({
      fields: { password: 'p1' },
      uris: ['https://1.example', 'https://2.example'],
      own: [{ name: 'Password', value: 'p2', hidden: true }],
    })
  })

  test('a column called __proto__ is a column', async () => {
    const item = await firstItem('name,url,username,password,__proto__\na,b,c,d,e\n')
    expect(item?.item.own).toEqual([{ name: '__proto__', value: 'e', hidden: false }])
  })

  test('formulas of others stay as they are', async () => {
    const item = await firstItem("name,url,username,password\na,b,'=c,=1+1\n")
    expect(item?.item.fields).toEqual({ username: "'=c", password: '=1+1' })
  })

  test.each([
    ['', 'empty'],
    ['hello', 'not-recognised'],
    ['date,amount\n2024-01-01,12\n', 'not-recognised'],
    ['<html></html>', 'not-recognised'],
  ])('%j is refused: %s', async (text, code) => {
    await expect(read(text)).rejects.toMatchObject({ code })
  })

  test('a hundred thousand rows', async () => {
    const lines = Array.from(
      { length: 100_000 },
      (_, at) => `n${at},https://s${at}.example/,u${at},p${at},`,
    )
    const { items } = await read(`name,url,username,password,note\n${lines.join('\n')}\n`)
    expect(items).toHaveLength(100_000)
    expect(items.at(-1)?.item.fields['password']).toBe('p99999')
  })
})
