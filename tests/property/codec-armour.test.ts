// The forgiving reader against everything at once: any message, any mix of damages, any text, any cut.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { armour, armourOneLine, findArmoured } from '../../src/codec/armour.ts'
import { encodeHex } from '../../src/codec/text.ts'

const numRuns = process.env['KEYHEARTH_LONG'] === '1' ? 10_000 : 200

const message = fc.uint8Array({ minLength: 200, maxLength: 1500 })
const found = (page: string) =>
  findArmoured(page).map((block) => ('bytes' in block ? encodeHex(block.bytes) : block.problem))

type Change = (text: string) => string

const inserted = (part: string, every: number): Change => {
  const pattern = new RegExp(`.{1,${every}}`, 'gsu')
  return (text) => text.match(pattern)?.join(part) ?? ''
}

/** Each of these or not, in this order, so that none breaks what another put there. */
const damages = fc.tuple(
  ...[
    fc.constantFrom<Change>(
      (text) => text.trimEnd(),
      (text) => text.replace(/=+/g, ''),
    ),
    fc.constantFrom('-', '--', '\u2013', '\u2014', '\u2014\u2014-', '------------').map(
      (dashes): Change =>
        (text) =>
          text.replace(/-----/g, dashes),
    ),
    fc
      .tuple(
        fc.constantFrom('\u200b', '\u00ad', '\ufeff', '\u200d', '&shy;', '<wbr>', '\n', ' '),
        fc.integer({ min: 5, max: 100 }),
      )
      .map(([part, every]) => inserted(part, every)),
    fc.constantFrom('> ', '>', '&gt; ', '>>> ', '\t', '    ', '\u00a0').map(
      (prefix): Change =>
        (text) =>
          prefix + text.replace(/\n/g, `\n${prefix}`),
    ),
    fc
      .constantFrom('\r\n', '\r', '<br>', '<br/>', '<BR />', '\n\n', ' ', '', '\u2028', '</p><p>')
      .map(
        (end): Change =>
          (text) =>
            text.replace(/\n/g, end),
      ),
  ].map((change) => fc.option(change)),
)

describe('armour', () => {
  test('is read back whatever a page did to it', () => {
    const property = fc.property(message, damages, (bytes, list) => {
      const page = list.reduce((text, change) => change?.(text) ?? text, armour(bytes))
      expect(found(page)).toEqual([encodeHex(bytes)])
    })
    fc.assert(property, { numRuns })
  })

  test('is found between other texts, at its own place', () => {
    const prose = fc.string({ unit: fc.constantFrom(...'abc XYZ.,\n0:/!é') })
    const parts = fc.array(fc.tuple(prose, message, fc.boolean()), { maxLength: 4 })
    const property = fc.property(parts, prose, (list, tail) => {
      let page = ''
      const places: { start: number; end: number }[] = []
      for (const [before, bytes, oneLine] of list) {
        page += `${before}\n`
        const block = oneLine ? armourOneLine(bytes) : armour(bytes).trimEnd()
        places.push({ start: page.length, end: page.length + block.length })
        page += `${block}\n`
      }
      const blocks = findArmoured(page + tail)
      expect(blocks.map(({ start, end }) => ({ start, end }))).toEqual(places)
      expect(blocks.map((block) => 'bytes' in block && encodeHex(block.bytes))).toEqual(
        list.map(([, bytes]) => encodeHex(bytes)),
      )
    })
    fc.assert(property, { numRuns })
  })

  test('of one line survives wrapping at any width', () => {
    const property = fc.property(message, fc.integer({ min: 50, max: 120 }), (bytes, width) => {
      const page = inserted('\n', width)(armourOneLine(bytes))
      expect(found(`${page}\n`)).toEqual([encodeHex(bytes)])
    })
    fc.assert(property, { numRuns })
  })

  test('cut anywhere is never another message', () => {
    const property = fc.property(
      message,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (bytes, at) => {
        const text = armour(bytes)
        const cut = text.slice(0, Math.floor(at * (text.length - 7)))
        expect(found(cut).filter((item) => item !== 'truncated' && item !== 'damaged')).toEqual([])
      },
    )
    fc.assert(property, { numRuns })
  })

  test('any text gives ordered places inside it, and never throws', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '-----',
        'BEGIN',
        'END',
        ' KEYHEARTH MESSAGE',
        'keyhearth:',
        '\u2014',
        '=',
        '\n',
      ),
      fc.string({ unit: fc.constantFrom(...'AZaz09+/-_'), minLength: 40 }),
      fc.constantFrom('<br>', '&nbsp;', '&mdash;', '<p ', '&', '\ud800', '> '),
    )
    const property = fc.property(fc.array(piece), (pieces) => {
      const page = pieces.join('')
      let last = 0
      for (const { start, end } of findArmoured(page)) {
        expect(start).toBeGreaterThanOrEqual(last)
        expect(end).toBeGreaterThan(start)
        last = end
      }
      expect(last).toBeLessThanOrEqual(page.length)
    })
    fc.assert(property, { numRuns: numRuns * 5 })
  })
})

const begin = '-----BEGIN KEYHEARTH MESSAGE-----'
const hostile: Readonly<Record<string, string>> = {
  dashes: '-',
  'dashes apart': '- ',
  'em dashes': '\u2014',
  'begin markers': begin,
  'begin markers with content': `${begin}AAAA`,
  'begin markers that break off': `${begin}AAAA*`,
  'end markers': '-----END KEYHEARTH MESSAGE-----',
  'half markers': '-BEGIN KEYHEARTH',
  'spread markers': `-B${' '.repeat(1000)}`,
  schemes: 'keyhearth:',
  'schemes with content': `keyhearth:${'A'.repeat(39)} `,
  'schemes that wrap': `keyhearth:\n${'A'.repeat(30)} `,
  'half tags': '<p ',
  'half tags, longer': '<p aaaaaaaaaaaaaaaaaaaaaa',
  'half entities': '&nbs',
  entities: '&mdash;',
  'entities in numbers': '&#43;',
  'entities escaped': '&amp;amp;amp;',
  'half entities escaped': '&amp;amp;nbs',
  'half tags to be read': '&lt;p aaaaaaaaaaaaaaaa',
  'half comments': '<!-- a',
  'half links of chats': '<http://a',
  'links of chats': '<http://a|b>',
  'half links of Markdown': '[a](http://b',
  'ends of links of Markdown': '](http://b',
  'links behind': 'a <http://a> ',
  'links behind spaces': `<http://a>${' '.repeat(50)}`,
  backslashes: '\\',
  'list marks': '\n* ',
  'edge marks': '|',
  'edge marks in code': '`a',
  'dashes behind lines': 'A-\n',
  spaces: ' ',
  'invisible characters': '\u200b',
  letters: 'B',
}

describe('reading is linear', () => {
  const units = 2 ** 21
  const mostMs = 4000

  test.each(Object.entries(hostile))('in %s', (_name, part) => {
    const page = part.repeat(Math.ceil(units / part.length))
    for (const text of [page, begin + page, `keyhearth:${page}`]) {
      const began = performance.now()
      findArmoured(text)
      expect(performance.now() - began).toBeLessThan(mostMs)
    }
  })
})
