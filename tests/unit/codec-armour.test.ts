// What pages, mail and editors do to an armoured message, one by one, and that it still reads.

import { describe, expect, test } from 'vitest'
import { armour, armourOneLine, findArmoured } from '../../src/codec/armour.ts'
import { decodeBase64Url, encodeBase64Url, encodeHex } from '../../src/codec/text.ts'

const message = Uint8Array.from({ length: 307 }, (_, i) => (i * 151 + 7) & 0xff)
const text = armour(message)
const line = armourOneLine(message)
const hex = encodeHex(message)

const bytesIn = (page: string) =>
  findArmoured(page).map((block) => ('bytes' in block ? encodeHex(block.bytes) : block.problem))

describe('writing', () => {
  test('puts base64 in 64 columns between two markers', () => {
    const lines = text.split('\n')
    expect(lines[0]).toBe('-----BEGIN KEYHEARTH MESSAGE-----')
    expect(lines.at(-2)).toBe('-----END KEYHEARTH MESSAGE-----')
    expect(lines.at(-1)).toBe('')
    const content = lines.slice(1, -2)
    expect(content.slice(0, -1).every(({ length }) => length === 64)).toBe(true)
    expect(content.join('')).toMatch(/^[A-Za-z0-9+/]+={0,2}$/)
  })

  test('knows a form of one line', () => {
    expect(line).toBe(`keyhearth:${encodeBase64Url(message)}`)
  })
})

const perLine = (change: (line: string) => string) => text.split('\n').map(change).join('\n')
const rewrap = (width: number) =>
  text
    .replace(/\n/g, ' ')
    .match(new RegExp(`.{1,${width}}`, 'g'))
    ?.join('\n') ?? ''

const damages: Readonly<Record<string, string>> = {
  nothing: text,
  'text around it': `Dear all,\n\n${text}\nBest\n`,
  'a quote': perLine((row) => `> ${row}`),
  'a quote of a quote': perLine((row) => `>> > ${row}`),
  'a quote in HTML entities': perLine((row) => `&gt; ${row}`),
  'line breaks as tags': text.replace(/\n/g, '<br>'),
  'line breaks as tags, XHTML': text.replace(/\n/g, '<br />\n'),
  'lines as paragraphs': perLine((row) => `<p class="x">${row}</p>`),
  'no line breaks': text.replace(/\n/g, ''),
  'line breaks made spaces': text.replace(/\n/g, ' '),
  'lines of 76': rewrap(76),
  'lines of 20': rewrap(20),
  'lines of 7': rewrap(7),
  'Windows line ends': text.replace(/\n/g, '\r\n'),
  'old Mac line ends': text.replace(/\n/g, '\r'),
  'doubled line ends': text.replace(/\n/g, '\n\n'),
  indentation: perLine((row) => `\t    ${row}`),
  'trailing spaces': perLine((row) => `${row}  `),
  'non-breaking spaces': text.replace(/ /g, '\u00a0'),
  'non-breaking spaces as entities': text.replace(/ /g, '&nbsp;'),
  'ideographic spaces': text.replace(/ /g, '\u3000'),
  'zero-width spaces everywhere': [...text].join('\u200b'),
  'soft hyphens': text.replace(/(.{10})/g, '$1\u00ad'),
  'marks of direction': `\u200e${text}\u200f`,
  'a byte order mark': `\ufeff${text}`,
  'em dashes': text.replace(/-----/g, '\u2014\u2014-'),
  'en dashes': text.replace(/--/g, '\u2013'),
  'dashes as entities': text.replace(/--/g, '&mdash;'),
  'one dash': text.replace(/-----/g, '-'),
  'many dashes': text.replace(/-----/g, '----------'),
  'no final line end': text.trimEnd(),
  'no final dashes': text.trimEnd().replace(/-+$/, ''),
  'no padding': text.replace(/=/g, ''),
}

const linked = (before: string, between: string, behind: string) =>
  perLine((row) =>
    /^[A-Za-z0-9+/=]+$/.test(row) ? before + row + between.replace('LINE', row) + behind : row,
  )

/** Each program that mangles texts, by what it makes of this one. */
const manglers: Readonly<Record<string, string>> = {
  'Slack: lines taken for addresses': text.replace(
    /^[A-Za-z0-9+/=]+$/gm,
    (row) => `<http://${row}|${row}>`,
  ),
  'Slack: one of them, its address escaped': text.replace(
    /^[A-Za-z0-9+/=]+$/m,
    (row) => `<https://${encodeURIComponent(row)}|${row}>`,
  ),
  'an HTML editor: lines taken for addresses': text.replace(
    /^[A-Za-z0-9+/=]+$/gm,
    (row) =>
      `<a target="_blank" href="https://safe.example/?url=${row}${'x'.repeat(900)}">${row}</a>`,
  ),
  'mail made plain: addresses behind lines': linked('', ' <http://LINE>', ''),
  'mail made plain: addresses on lines of their own': linked('', '\n<http://LINE>', ''),
  'Markdown: links': linked('[', '](http://LINE)', ''),
  'Markdown: a list of asterisks': linked('* ', '', ''),
  'Markdown: a list of hyphens': linked('- ', '', ''),
  'Markdown: a list of all lines': perLine((row) => `- ${row}`),
  'Markdown: a list within a quote': linked('> * ', '', ''),
  'Markdown: a list of bullets': linked('\u2022\u00a0', '', ''),
  'Markdown: a list of numbers': text
    .split('\n')
    .map((row, at) => (at > 0 && at < 9 ? `${at}. ${row}` : row))
    .join('\n'),
  'Markdown: hard breaks': perLine((row) => `${row}\\`),
  'Markdown: signs escaped': text.replace(/[-+=]/g, '\\$&'),
  'Markdown: lines as code': linked('`', '', '`'),
  'Markdown: a table': linked('| ', ' |', ''),
  'Markdown, rendered: struck through': linked('<s>', '', '</s>'),
  'Markdown, rendered: a list': `<ol>${linked('<li>', '', '</li>')}</ol>`,
  'a program: line breaks as it writes them': JSON.stringify(text),
  'a sanitiser: tags to be read': perLine((row) => `${row}&lt;br /&gt;`),
  'a sanitiser: signs as entities': text.replace(/[+/=-]/g, (sign) => `&#${sign.charCodeAt(0)};`),
  'a sanitiser: signs as entities, hexadecimal': text.replace(
    /[+/=]/g,
    (sign) => `&#x${sign.charCodeAt(0).toString(16).toUpperCase()};`,
  ),
  'two sanitisers: quoting escaped twice': perLine((row) => `&amp;gt;&amp;nbsp;${row}`),
  'Word: its own tags and comments': linked('<o:p>', '<!-- end of line -->', '</o:p>'),
  'a PDF: non-breaking spaces and soft hyphens': perLine((row) =>
    row.replace(/ /g, '\u00a0').replace(/(.{31})/g, '$1\u00ad'),
  ),
  'a PDF: words divided': text.replace(/^([A-Za-z0-9+/]{40})(?=[A-Za-z0-9+/]{20})/gm, '$1-\n'),
  'Gmail: quoted under who wrote': `On Mon, 1 Jan 2026 at 10:00, Ada <ada@example.com> wrote:\n\n${perLine((row) => `> ${row}`)}`,
  'Gmail: its own markup': `<div class="gmail_quote"><blockquote class="gmail_quote" style="margin:0 0 0 .8ex">${text.replace(/\n/g, '<br>\n')}</blockquote></div>`,
}

describe('what programs make of a message is read back:', () => {
  test.each(Object.entries(manglers))('%s', (_name, page) => {
    expect(page).not.toBe(text)
    expect(bytesIn(page)).toEqual([hex])
  })

  test('a PDF: ligatures', () => {
    const letters = 'ffiffl0fifl0ffst'.repeat(4)
    const page = `-----BEGIN KEYHEARTH MESSAGE-----\n${letters
      .replace(/ffi/g, '\ufb03')
      .replace(/ffl/g, '\ufb04')
      .replace(/fi/g, '\ufb01')
      .replace(/fl/g, '\ufb02')
      .replace(/ff/g, '\ufb00')
      .replace(/st/g, '\ufb06')}\n-----END KEYHEARTH MESSAGE-----`
    expect(bytesIn(page)).toEqual([Buffer.from(letters, 'base64').toString('hex')])
  })
})

/** What could have been more than one thing. */
const unclear: Readonly<Record<string, string>> = {
  'an address that is not the line': text.replace(
    /^[A-Za-z0-9+/=]+$/m,
    (row) => `<http://elsewhere.example|${row}>`,
  ),
  'an address that is no line’s': text.replace(
    /^[A-Za-z0-9+/=]+$/m,
    (row) => `${row} <http://elsewhere.example/>`,
  ),
  'a link to elsewhere': text.replace(
    /^[A-Za-z0-9+/=]+$/m,
    (row) => `[${row}](http://elsewhere.example)`,
  ),
  'an asterisk in the middle of a line': text.replace(/^(.{100})./s, '$1*'),
  'a bar in the middle of a line': text.replace(/^(.{100})./s, '$1|'),
  'a dash in the middle of a line': text.replace(/^(.{100})./s, '$1-'),
  'a letter of another script': text.replace(/^(.{100})./s, '$1\u0430'),
  'a backslash before a letter': text.replace(/^(.{100})./s, '$1\\w'),
  'an ellipsis for a part': text.replace(/^(.{100}).{50}/s, '$1\u2026'),
  'an unknown entity': text.replace(/^(.{100})./s, '$1&alpha;'),
  'an element that is no text': text.replace(/^(.{100})./s, '$1<img src="x">'),
}

describe('what cannot be told is said to be damaged:', () => {
  test.each(Object.entries(unclear))('%s', (_name, page) => {
    expect(bytesIn(page)).toEqual(['damaged'])
    expect(bytesIn(`${page}\n${text}`)).toEqual(['damaged', hex])
  })
})

describe('reading forgives', () => {
  test.each(Object.entries(damages))('%s', (_name, page) => {
    expect(bytesIn(page)).toEqual([hex])
  })
})

const token = encodeBase64Url(message)
const wrapped = (width: number) => line.match(new RegExp(`.{1,${width}}`, 'g')) ?? []

const lineDamages: Readonly<Record<string, string>> = {
  nothing: line,
  'text around it': `see ${line}, thanks`,
  'a full stop behind': `${line}.`,
  'prose behind': `${line} thanks`,
  'prose on the next line': `${line}\nThanks\nBob`,
  'a date on the next line': `${line}\n2026-01-01`,
  'angle brackets': `<${line}>`,
  'zero-width spaces': [...line].join('\u200b'),
  'optional breaks': line.replace(/(.{30})/g, '$1<wbr>'),
  'wrapping at 76': wrapped(76).join('\n'),
  'wrapping at 76, with prose behind': `${wrapped(76).join('\n')}\nThanks`,
  'quoting after wrapping': wrapped(72)
    .map((row) => `> ${row}`)
    .join('\n'),
  'a break after the scheme': `keyhearth:\n${token.match(/.{1,76}/g)?.join('\n')}`,
}

describe('reading one line forgives', () => {
  test.each(Object.entries(lineDamages))('%s', (_name, page) => {
    expect(bytesIn(page)).toEqual([hex])
  })

  test('two hyphens made one dash', () => {
    const hyphens = decodeBase64Url(`${'abcd--ef'.repeat(8)}`)
    const smart = armourOneLine(hyphens).replace(/--/g, '\u2014')
    expect(bytesIn(smart)).toEqual([encodeHex(hyphens)])
  })
})

describe('finding', () => {
  test('gives places in the text as it stood', () => {
    const page = `a\u200b b\n> ${text.trimEnd().replace(/\n/g, '\n> ')}\nafter ${line} end`
    const blocks = findArmoured(page)
    expect(blocks).toHaveLength(2)
    const [first, second] = blocks.map(({ start, end }) => page.slice(start, end))
    expect(first).toMatch(/^-----BEGIN.*MESSAGE-----$/s)
    expect(second).toBe(line)
  })

  test('keeps the order of several, in both forms', () => {
    const other = message.slice(50)
    const page = `${armourOneLine(other)}\n${text}${armour(other)} and ${line}`
    expect(bytesIn(page)).toEqual([encodeHex(other), hex, encodeHex(other), hex])
  })

  test('separates two that were run together', () => {
    expect(bytesIn(`${text}${text}`.replace(/\n/g, ''))).toEqual([hex, hex])
  })

  test('says that one is cut, wherever it was cut', () => {
    const cut = text.slice(0, 200)
    expect(bytesIn(cut)).toEqual(['truncated'])
    expect(bytesIn(`${cut}\n${text}`)).toEqual(['truncated', hex])
    expect(bytesIn(text.slice(100))).toEqual(['truncated'])
    expect(bytesIn(`${cut} ... (more)`)).toEqual(['truncated'])
    expect(bytesIn(`${line.slice(0, 100)}\u2026`)).toEqual(['truncated'])
    expect(bytesIn(`${line.slice(0, 100)}...`)).toEqual(['truncated'])
  })

  test('says that one is damaged, and reads the next', () => {
    const damaged = text.replace(/^(.{100})./s, '$1*')
    expect(bytesIn(`${damaged}${text}`)).toEqual(['damaged', hex])
    expect(bytesIn('-----BEGIN KEYHEARTH MESSAGE-----\n-----END KEYHEARTH MESSAGE-----')).toEqual([
      'damaged',
    ])
    expect(bytesIn(text.replace(/\n/, '\n='))).toEqual(['damaged'])
    const [block] = findArmoured(damaged)
    expect(damaged.slice(block?.start, block?.end)).toBe(damaged.trimEnd())
  })

  test('refuses what is larger than the caller takes', () => {
    expect(findArmoured(text, { maxBytes: message.byteLength })[0]).toHaveProperty('bytes')
    expect(findArmoured(text, { maxBytes: 100 })[0]).toHaveProperty('problem', 'too-large')
    expect(findArmoured(line, { maxBytes: 100 })[0]).toHaveProperty('problem', 'too-large')
  })

  test.each([
    '',
    'plain prose - with dashes -- and keyhearth: in it',
    'keyhearth:origin and keyhearth:EncryptMessage are names',
    'BEGIN KEYHEARTH MESSAGE without dashes',
    `monkeyhearth:${token}`,
    '-----BEGIN PGP MESSAGE-----\nabcd\n-----END PGP MESSAGE-----',
  ])('finds nothing in %j', (page) => {
    expect(findArmoured(page)).toEqual([])
  })
})
