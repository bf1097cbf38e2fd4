// Known attacks on signed PDFs (Mladenov et al. 2019: incremental saving, signature wrapping, universal forgery; Mainka et al.
// 2021: shadow attacks; Rohlmann et al. 2021: on certified files), made by code: each ends in a named verdict.

import { describe, expect, test } from 'vitest'
import type { Bytes } from '../../src/codec/bytes.ts'
import { type Changes, readSignatures, whatChanged } from '../../src/pdf/index.ts'
import {
  appendObjects,
  bytesOf,
  firstSignature,
  makePdf,
  type Objects,
  sample,
  sign,
  stream,
  testWith,
  textOf,
  workshop,
} from './pdfFiles.ts'

const plain = makePdf(sample)

const changesOf = (bytes: Bytes): Changes => whatChanged(bytes, firstSignature(bytes))
const codesOf = (changes: Changes): string[] =>
  changes.revisions.flatMap((revision) => revision.changes.map(({ code }) => code))

async function afterSigning(objects: Objects, trailerExtra = ''): Promise<Changes> {
  const signed = await sign(plain, { fieldName: 'Author' })
  return changesOf(appendObjects(signed, objects, trailerExtra))
}

const evilPage = stream('BT /F1 18 Tf 20 150 Td (Pay 999) Tj ET')

describe('updates behind a signature', () => {
  const attacks: readonly (readonly [string, Objects, string, number | null])[] = [
    ['another content', { 5: evilPage }, 'page-changed', 1],
    ['another font', { 6: '<</Type /Font /Subtype /Type1 /BaseFont /Symbol>>' }, 'page-changed', 1],
    ['another second page', { 7: evilPage }, 'page-changed', 2],
    [
      'a page taken away',
      { 2: '<</Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 300 200]>>' },
      'pages-changed',
      null,
    ],
    [
      'pages in another order',
      { 2: '<</Type /Pages /Kids [4 0 R 3 0 R] /Count 2 /MediaBox [0 0 300 200]>>' },
      'pages-changed',
      null,
    ],
    [
      'another page tree',
      { 1: '<</Type /Catalog /Pages 60 0 R /AcroForm 8 0 R>>', 60: sample[2] ?? '' },
      'pages-changed',
      null,
    ],
    [
      'another catalog entry',
      {
        1: '<</Type /Catalog /Pages 2 0 R /AcroForm 8 0 R /OpenAction <</S /JavaScript /JS (x)>>>>',
      },
      'document-changed',
      null,
    ],
    [
      'an annotation over the page',
      {
        3: (sample[3] ?? '').replace('/Annots [', '/Annots [61 0 R '),
        61: '<</Type /Annot /Subtype /FreeText /Rect [0 0 300 200]>>',
      },
      'annotation-added',
      1,
    ],
    [
      'an annotation taken away',
      { 3: (sample[3] ?? '').replace(' 14 0 R', '') },
      'annotation-removed',
      1,
    ],
    ['another note', { 14: (sample[14] ?? '').replace('A note', 'Evil') }, 'annotation-changed', 1],
    ['other looks of a check box', { 13: stream('0 0 10 10 re f') }, 'appearance-changed', 1],
    [
      'a field at another place',
      { 9: (sample[9] ?? '').replace('[10 10 100 30]', '[0 0 300 200]') },
      'field-changed',
      1,
    ],
    [
      'looks without a value',
      { 9: (sample[9] ?? '').replace('/P 3', '/AP <</N 12 0 R>> /P 3') },
      'appearance-changed',
      1,
    ],
    [
      'a script for the form',
      { 8: (sample[8] ?? '').replace('/DA', '/XFA (x) /DA') },
      'form-changed',
      null,
    ],
  ]
  test.each(attacks)('%s', async (_, objects, code, page) => {
    // Signing put AcroForm and field anew: what an attacker writes over them changes more than one thing.
    const changes = await afterSigning(objects)
    expect(changes.isAllowed).toBe(false)
    expect(codesOf(changes)).toContain(code)
    const found = changes.revisions[0]?.changes.find((change) => change.code === code)
    expect(found?.page).toBe(page)
  })

  test('nothing but an empty update, and a date', async () => {
    expect(await afterSigning({})).toMatchObject({ kind: 'nothing', isAllowed: true })
    const dated = await afterSigning({ 62: '<</ModDate (D:20260101000000Z)>>' }, '/Info 62 0 R')
    expect(dated).toMatchObject({ kind: 'nothing', isAllowed: true })
    const titled = await afterSigning({ 62: '<</Title (Other)>>' }, '/Info 62 0 R')
    expect(codesOf(titled)).toEqual(['metadata-changed'])
  })

  test('a filled field is told with its page and name', async () => {
    const filled = (sample[9] ?? '').replace('/P 3', '/V (Alice) /P 3')
    const changes = await afterSigning({ 9: filled })
    expect(changes).toMatchObject({ kind: 'form fill', isAllowed: true })
    expect(changes.revisions[0]?.changes).toMatchObject([
      { code: 'field-filled', field: 'Name', page: 1, was: null, is: 'Alice' },
    ])
  })

  testWith(
    ['openssl', 'pdfsig'],
    'poppler takes the other content for valid; here it is told',
    async () => {
      const { makeKey, makeCms, write, run } = workshop()
      makeKey()
      const attacked = appendObjects(await sign(plain, { makeCms }), { 5: evilPage })
      write('attacked.pdf', attacked)
      expect(run('pdfsig', '-nocert', 'attacked.pdf')).toMatch(/Signature is Valid/)
      expect(changesOf(attacked)).toMatchObject({ kind: 'page content', isAllowed: false })
    },
  )
})

describe('incremental saving', () => {
  test('objects without a table or trailer', async () => {
    const signed = await sign(plain)
    const attacked = bytesOf(`${textOf(signed)}5 0 obj\n${evilPage}\nendobj\n`)
    expect(firstSignature(attacked).coverage).toBe('whole revision')
    expect(codesOf(changesOf(attacked))).toEqual(['hidden-bytes'])
  })

  test('objects that the table does not name', async () => {
    const signed = await sign(plain)
    const hidden = bytesOf(`${textOf(signed)}5 0 obj\n${evilPage}\nendobj\n`)
    const previous = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(textOf(signed))?.[1]
    const trailer = `trailer\n<</Root 1 0 R /Size 20 /Prev ${previous}>>`
    const attacked = bytesOf(
      `${textOf(hidden)}xref\n0 0\n${trailer}\nstartxref\n${hidden.byteLength}\n%%EOF\n`,
    )
    expect(codesOf(changesOf(attacked))).toContain('hidden-bytes')
  })

  test('a chain that leaves out the signed revision', async () => {
    const signed = await sign(plain)
    const first = /startxref\s+(\d+)/.exec(textOf(plain))?.[1]
    const latest = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(textOf(signed))?.[1]
    const attacked = appendObjects(signed, { 5: evilPage })
    const rewired = bytesOf(
      textOf(attacked).replace(new RegExp(`/Prev ${latest}\\b`), `/Prev ${first}`),
    )
    // Without the signed revision there is no signature; nothing is told to be valid.
    expect(readSignatures(rewired)).toEqual([])
  })

  test('a chain without an end', async () => {
    const signed = textOf(await sign(plain))
    const own = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(signed)?.[1] ?? ''
    const looped = bytesOf(signed.replace(/\/Prev \d+/, `/Prev ${own}`))
    expect(
      readSignatures(looped).every(({ problems }) => problems.includes('file-not-readable')),
    ).toBe(true)
  })
})

describe('wrapping and forgery', () => {
  const forged = async (change: (text: string) => string) =>
    firstSignature(bytesOf(change(textOf(await sign(plain))))).problems

  const range = /\/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]/
  test.each([
    [
      'no byte range',
      (text: string) => text.replace('/ByteRange', '/ByteRangX'),
      'byte-range-missing',
    ],
    [
      'no numbers',
      (text: string) => text.replace(range, '/ByteRange [/a $2 $3 $4]'),
      'byte-range-malformed',
    ],
    ['null', (text: string) => text.replace(range, '/ByteRange null'), 'byte-range-missing'],
    [
      'negative',
      (text: string) => text.replace(range, '/ByteRange [-1 $2 $3 $4]'),
      'byte-range-malformed',
    ],
    [
      'huge',
      (text: string) => text.replace(range, '/ByteRange [0 $2 $3 99999999]'),
      'byte-range-out-of-file',
    ],
    [
      'not from the start',
      (text: string) => text.replace(range, '/ByteRange [9 $2 $3 $4]'),
      'byte-range-not-from-start',
    ],
    [
      'overlapping',
      (text: string) => text.replace(range, '/ByteRange [0 $3 $2 $4]'),
      'byte-range-overlapping',
    ],
    [
      'a wider gap',
      (text: string) =>
        text.replace(range, (_, a, b, c, d) => `/ByteRange [${a} ${Number(b) - 9} ${c} ${d}]`),
      'gap-not-contents',
    ],
    [
      'a shorter end',
      (text: string) =>
        text.replace(range, (_, a, b, c, d) => `/ByteRange [${a} ${b} ${c} ${Number(d) - 9}]`),
      'coverage-not-a-revision',
    ],
    [
      'no contents',
      (text: string) => text.replace('/Contents <3', '/ContentX <3'),
      'contents-missing',
    ],
    [
      'contents of zeros',
      (text: string) => text.replace('<3003020101', '<0000000000'),
      'contents-empty',
    ],
    [
      'more behind the CMS',
      (text: string) => text.replace('<300302010100', '<3003020101ff'),
      'contents-padding',
    ],
    [
      'contents twice',
      (text: string) => text.replace('/Filter /Adobe.PPKLite', '/Contents <3003020101>'),
      'duplicate-keys',
    ],
    [
      'an unknown filter',
      (text: string) => text.replace('ETSI.CAdES.detached', 'ETSI.CAdES.detachex'),
      'sub-filter-unknown',
    ],
  ] as const)('%s', async (_, change, problem) => {
    expect(await forged(change)).toContain(problem)
  })

  test('the value put anew behind the file, with the old range', async () => {
    const signed = await sign(plain)
    const [, number, body] =
      /(\d+) 0 obj\n(<<\/ByteRange[\s\S]*?>>)\nendobj/.exec(textOf(signed)) ?? []
    const attacked = appendObjects(signed, { [Number(number)]: body ?? '', 5: evilPage })
    expect(firstSignature(attacked).problems).toContain('gap-not-contents')
    expect(changesOf(attacked)).toMatchObject({ kind: 'other', isAllowed: false })
  })
})

describe('shadow attacks', () => {
  test('hide: an overlay over the content is taken away', async () => {
    const prepared = makePdf({
      ...sample,
      3: (sample[3] ?? '').replace('/Resources <<', '/Resources <</XObject <</Im 20 0 R>> '),
      20: stream('1 1 1 rg 0 0 300 200 re f', '/Type /XObject /Subtype /Form /BBox [0 0 300 200]'),
    })
    const signed = await sign(prepared)
    const blank = stream('', '/Type /XObject /Subtype /Form /BBox [0 0 300 200]')
    const changes = changesOf(appendObjects(signed, { 20: blank }))
    expect(changes).toMatchObject({ kind: 'page content', isAllowed: false })
  })

  test('hide and replace: a table alone points to what was signed, and hidden', async () => {
    const prepared = makePdf({ ...sample, 20: evilPage })
    const signed = await sign(prepared)
    const text = textOf(signed)
    const hidden = text.indexOf('20 0 obj')
    // The hidden object is of number 5 for a table that says so only if it says so itself.
    const renamed = bytesOf(text.replace('20 0 obj', ' 5 0 obj'))
    const previous = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(text)?.[1]
    const line = `5 1\n${String(hidden + 1).padStart(10, '0')} 00000 n\r\n`
    const trailer = `trailer\n<</Root 1 0 R /Size 40 /Prev ${previous}>>`
    const attacked = bytesOf(
      `${textOf(renamed)}xref\n${line}${trailer}\nstartxref\n${renamed.byteLength}\n%%EOF\n`,
    )
    expect(changesOf(attacked)).toMatchObject({ kind: 'page content', isAllowed: false })
  })

  const shadows: readonly (readonly [string, Objects, Objects])[] = [
    [
      'a content that is an annotation, too',
      { 3: (sample[3] ?? '').replace('14 0 R]', '14 0 R 5 0 R]') },
      { 5: evilPage },
    ],
    [
      'resources that are a field, too',
      {
        3: (sample[3] ?? '').replace('/Resources <<', '/Resources <</XObject 9 0 R '),
        9: (sample[9] ?? '').replace('/P 3 0 R', '/P 3 0 R /V 12 0 R'),
      },
      { 9: (sample[9] ?? '').replace('/P 3 0 R', '/P 3 0 R /V 13 0 R') },
    ],
    [
      'a value that is a content, too',
      {
        3: (sample[3] ?? '').replace('/Contents 5 0 R', '/Contents [5 0 R 20 0 R]'),
        9: (sample[9] ?? '').replace('/P 3 0 R', '/P 3 0 R /V 20 0 R'),
        20: stream(''),
      },
      { 20: evilPage },
    ],
  ]
  test.each(shadows)('%s', async (_, prepared, attack) => {
    const signed = await sign(makePdf({ ...sample, ...prepared }), {
      appearance: { page: 2, rect: [0, 0, 9, 9], lines: [] },
    })
    expect(changesOf(appendObjects(signed, {}))).toMatchObject({ kind: 'nothing' })
    expect(changesOf(appendObjects(signed, attack))).toMatchObject({
      kind: 'page content',
      isAllowed: false,
    })
  })

  test('the mark of the signature is drawn anew', async () => {
    const signed = await sign(plain, { fieldName: 'Author', appearance: { lines: ['Alice'] } })
    const [, number] =
      /(\d+) 0 obj\n<<[^>]*\/Subtype \/Form/.exec(textOf(signed).slice(plain.byteLength)) ?? []
    const changes = changesOf(appendObjects(signed, { [Number(number)]: evilPage }))
    expect(codesOf(changes)).toContain('appearance-changed')
    expect(changes.isAllowed).toBe(false)
  })
})

describe('certified files', () => {
  test('a visible signature slipped in', async () => {
    const certified = await sign(plain, { certify: 2 })
    const attacked = appendObjects(certified, {
      3: (sample[3] ?? '').replace('14 0 R]', '14 0 R 16 0 R 70 0 R]'),
      70: '<</Type /Annot /Subtype /Widget /FT /Sig /T (Sneaky) /Rect [0 0 300 200] /P 3 0 R /V 71 0 R>>',
      71: '<</Type /Sig /SubFilter /ETSI.CAdES.detached>>',
      8: '<</Fields [9 0 R 10 0 R 11 0 R 16 0 R 70 0 R] /DA (/F1 0 Tf) /DR <</Font <</F1 6 0 R>>>> /SigFlags 3>>',
    })
    const changes = changesOf(attacked)
    expect(codesOf(changes)).toContain('new-visible-signature')
    expect(changes.isAllowed).toBe(false)
  })

  const hidden: readonly (readonly [string, string, string?])[] = [
    ['no kids', ''],
    ['a kid that is none', '/Kids [null]'],
    ['a kid without size', '/Kids [72 0 R]'],
    ['a kid without size on the page', '/Kids [72 0 R]', '72 0 R'],
  ]
  describe.each(hidden)('a white box as a signature field with %s', (_, kids, alsoNamed = '') => {
    const over = async (certify: 2 | undefined, value: string) => {
      const signed = await sign(plain, certify ? { certify } : { fieldName: 'Author' })
      const own = certify ? ' 16 0 R' : ''
      return changesOf(
        appendObjects(signed, {
          3: (sample[3] ?? '').replace('14 0 R]', `14 0 R${own} ${alsoNamed} 70 0 R]`),
          8: `<</Fields [9 0 R 10 0 R 11 0 R${own} 70 0 R] /DA (/F1 0 Tf) /DR <</Font <</F1 6 0 R>>>> /SigFlags 3>>`,
          70: `<</Type /Annot /Subtype /Widget /FT /Sig /T (Sneaky) /F 4 /Rect [0 0 300 200] /P 3 0 R ${kids} ${value} /AP <</N 73 0 R>>>>`,
          71: '<</Type /Sig /SubFilter /ETSI.CAdES.detached>>',
          72: '<</Type /Annot /Subtype /Widget /Rect [0 0 0 0] /Parent 70 0 R>>',
          73: stream('1 1 1 rg 0 0 300 200 re f', '/Subtype /Form /BBox [0 0 300 200]'),
        }),
      )
    }

    test.each([undefined, 2] as const)('empty, certified: %s', async (certify) => {
      const changes = await over(certify, '')
      expect(changes).toMatchObject({ kind: 'annotations', isAllowed: false })
      expect(codesOf(changes)).toEqual(['signature-field-added'])
      expect(changes.revisions[0]?.changes[0]?.page).toBe(1)
    })

    test.each([undefined, 2] as const)('signed, certified: %s', async (certify) => {
      const changes = await over(certify, '/V 71 0 R')
      expect(codesOf(changes)).toEqual(['new-visible-signature'])
      // Whoever did not certify lets others sign with marks.
      expect(changes.isAllowed).toBe(certify === undefined)
    })
  })

  test.each([1, 2, 3] as const)('level %i', async (certify) => {
    const certified = await sign(plain, { certify })
    const outcome = (objects: Objects) => changesOf(appendObjects(certified, objects)).isAllowed
    expect(outcome({ 9: (sample[9] ?? '').replace('/P 3', '/V (Alice) /P 3') })).toBe(certify >= 2)
    expect(outcome({ 14: (sample[14] ?? '').replace('A note', 'More') })).toBe(certify === 3)
    expect(outcome({ 5: evilPage })).toBe(false)
    const stamped = await sign(certified, { subFilter: 'ETSI.RFC3161' })
    expect(changesOf(stamped)).toMatchObject({ kind: 'validation data', isAllowed: true })
  })
})

describe('hostile files end in an error with a code', () => {
  const header = '%PDF-1.7\n'
  test.each([
    ['nesting', `1 0 obj\n${'['.repeat(100_000)}`],
    [
      'a page tree that is its own kid',
      textOf(makePdf({ ...sample, 4: '<</Type /Pages /Kids [2 0 R]>>' })).slice(header.length),
    ],
    [
      'a stream as long as itself',
      textOf(makePdf({ ...sample, 5: '<</Length 5 0 R>>\nstream\nx\nendstream' })).slice(
        header.length,
      ),
    ],
    ['references in a circle', textOf(makePdf({ ...sample, 1: '1 0 R' })).slice(header.length)],
    ['a table of a billion', `xref\n0 999999999\ntrailer\n<<>>\nstartxref\n9\n%%EOF`],
  ])('%s', async (_, body) => {
    const bytes = bytesOf(header + body)
    const outcome = await sign(bytes).then(
      () => 'signed',
      (error: { code?: string }) => error.code,
    )
    expect(outcome).toMatch(/^(signed|malformed|limit|truncated|broken-xref)$/)
  })

  test('200,000 objects that overlap in one stream', async () => {
    const count = 200_000
    const head = `${Array.from({ length: count }, (_, at) => `${at + 20} ${at}`).join(' ')} `
    const body = head + '('.repeat(2 * count)
    const packed = stream(body, `/Type /ObjStm /N ${count} /First ${head.length}`)
    const rows = new Uint8Array(count * 6)
    const view = new DataView(rows.buffer)
    for (let at = 0; at < count; at++) {
      rows[at * 6] = 2
      rows[at * 6 + 1] = 15
      view.setUint32(at * 6 + 2, at)
    }
    const withPack = appendObjects(plain, { 15: packed })
    const previous = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(textOf(withPack))?.[1]
    const table = stream(
      textOf(rows),
      `/Type /XRef /W [1 1 4] /Index [20 ${count}] /Size ${count + 20} /Root 1 0 R /Prev ${previous}`,
    )
    const hostile = bytesOf(
      `${textOf(withPack)}16 0 obj\n${table}\nendobj\nstartxref\n${withPack.byteLength}\n%%EOF\n`,
    )
    const begun = performance.now()
    await expect(sign(hostile)).rejects.toMatchObject({ code: 'limit' })
    expect(performance.now() - begun).toBeLessThan(20_000)
  })

  test('trailers that overlap, in a file without a table', () => {
    const bytes = bytesOf(`%PDF-1.7\n${'trailer<</A('.repeat(100_000)}`)
    const begun = performance.now()
    expect(() => readSignatures(bytes)).toThrow(expect.objectContaining({ code: 'limit' }))
    expect(performance.now() - begun).toBeLessThan(20_000)
  })
})
