// What is signed here, OpenSSL, poppler, qpdf and mupdf accept; and what earlier signatures forbid is refused.

import { describe, expect, test } from 'vitest'
import { type Bytes, concatBytes } from '../../src/codec/bytes.ts'
import { deflate } from '../../src/pdf/filters.ts'
import {
  addValidationData,
  emptyFields,
  isShownExactly,
  pageBoxes,
  readSignatures,
  signPdf,
  textReportPdf,
  whatChanged,
} from '../../src/pdf/index.ts'
import {
  appendObjects,
  bytesOf,
  firstSignature,
  makePdf,
  type Objects,
  sample,
  sign,
  signedAt,
  someCms,
  stream,
  testWith,
  textOf,
  workshop,
} from './pdfFiles.ts'

const plain = makePdf(sample)
const picture = {
  kind: 'rgba',
  width: 2,
  height: 1,
  bytes: new Uint8Array([255, 0, 0, 255, 0, 0, 255, 80]),
} as const
const mark = {
  page: 2,
  rect: [10, 10, 160, 70],
  lines: ['Signed by Žofia', '1 March 2026'],
  picture,
} as const

/** The sample with its first objects in an object stream, and a cross-reference stream. */
function packedSample(): Bytes {
  const packed = [1, 2, 3, 4, 6, 8, 9, 10, 11, 14]
  const bodies = packed.map((number) => sample[number] ?? '')
  const starts = bodies.map((_, at) => bodies.slice(0, at).join(' ').length + (at > 0 ? 1 : 0))
  const head = `${packed.map((number, at) => `${number} ${starts[at]}`).join(' ')} `
  let text = '%PDF-1.7\n'
  const rows: number[][] = Array.from({ length: 17 }, () => [0, 0, 0, 0])
  packed.forEach((number, at) => {
    rows[number] = [2, 0, 15, at]
  })
  const put = (number: number, body: string) => {
    rows[number] = [1, text.length >> 8, text.length & 0xff, 0]
    text += `${number} 0 obj\n${body}\nendobj\n`
  }
  for (const number of [5, 7, 12, 13]) put(number, sample[number] ?? '')
  const content = textOf(deflate(bytesOf(head + bodies.join(' '))))
  put(
    15,
    stream(content, `/Type /ObjStm /N ${packed.length} /First ${head.length} /Filter /FlateDecode`),
  )
  const at = text.length
  rows[16] = [1, at >> 8, at & 0xff, 0]
  const table = textOf(Uint8Array.from(rows.flat()))
  text += `16 0 obj\n${stream(table, '/Type /XRef /W [1 2 1] /Size 17 /Root 1 0 R')}\nendobj\n`
  return bytesOf(`${text}startxref\n${at}\n%%EOF`)
}

describe('empty fields', () => {
  const at = (field: string, annotations: string, more: Objects = {}) =>
    makePdf({ ...sample, 3: (sample[3] ?? '').replace('11 0 R', annotations), 11: field, ...more })
  const widget = '/Type /Annot /Subtype /Widget /FT /Sig /T (Author)'

  test('are found where they are shown, until somebody signs there', async () => {
    const place = { page: 1, rect: [10, 40, 100, 80] }
    expect(emptyFields(plain)).toEqual([{ name: 'Author', place }])
    const apart = at('<</FT /Sig /T (Author) /Kids [20 0 R]>>', '20 0 R', {
      20: '<</Type /Annot /Subtype /Widget /Parent 11 0 R /Rect [100 80 10 40]>>',
    })
    expect(emptyFields(apart)).toEqual([{ name: 'Author', place }])
    expect(emptyFields(await sign(plain, { fieldName: 'Author' }))).toEqual([])
    expect(emptyFields(await sign(plain))).toEqual([{ name: 'Author', place }])
  })

  test('have no place without a size, or on no page, whatever page they name', () => {
    const hidden = [{ name: 'Author', place: null }]
    expect(emptyFields(at(`<<${widget} /Rect [0 0 0 0]>>`, '11 0 R'))).toEqual(hidden)
    expect(emptyFields(at(`<<${widget} /Rect [1 1 9 9] /P 3 0 R>>`, ''))).toEqual(hidden)
  })

  test('that are two of one name, or fields of another kind, are none', () => {
    const form = (fields: string) => ({
      8: `<</Fields [${fields}]>>`,
      20: '<</FT /Sig /T (Author)>>',
    })
    expect(emptyFields(makePdf({ ...sample, ...form('11 0 R 20 0 R') }))).toEqual([])
    expect(emptyFields(makePdf({ ...sample, ...form('9 0 R 10 0 R') }))).toEqual([])
  })
})

describe('accepted by others', () => {
  const { run, makeKey, makeCms, verifyCms, write, read } = workshop()
  const files = { 'a table': plain, 'an object stream': packedSample() }

  for (const [form, bytes] of Object.entries(files)) {
    testWith(['openssl', 'pdfsig', 'qpdf', 'mutool'], `three signatures over ${form}`, async () => {
      makeKey()
      const common = { time: signedAt, offsetMinutes: -90, makeCms }
      const first = await signPdf({
        ...common,
        bytes,
        fieldName: 'Author',
        certify: 2,
        appearance: { lines: ['A'] },
      })
      const second = await signPdf({
        ...common,
        bytes: first,
        reason: 'Grün – ✓',
        name: 'Somebody',
      })
      const stored = await addValidationData(
        second,
        { certificates: [Uint8Array.of(1)], ocspResponses: [], revocationLists: [] },
        [
          {
            certificates: [Uint8Array.of(1)],
            ocspResponses: [Uint8Array.of(2)],
            revocationLists: [Uint8Array.of(3)],
            contents: firstSignature(second).contents,
          },
        ],
      )
      const third = await signPdf({ ...common, bytes: stored, subFilter: 'ETSI.RFC3161' })
      expect(third.subarray(0, bytes.byteLength)).toEqual(bytes)
      const signatures = readSignatures(third)
      expect(signatures.map(({ kind }) => kind)).toEqual([
        'certification',
        'signature',
        'time stamp',
      ])
      for (const signature of signatures) {
        expect(signature.problems).toEqual([])
        expect(verifyCms(signature.cms, signature.ranges)).toMatch(/Verification successful/)
        expect(whatChanged(third, signature).isAllowed).toBe(true)
      }
      expect(signatures[1]).toMatchObject({ reason: 'Grün – ✓', name: 'Somebody', time: signedAt })
      write('file.pdf', third)
      expect(run('pdfsig', '-nocert', 'file.pdf').match(/Signature is Valid/g)).toHaveLength(2)
      expect(run('qpdf', '--check', 'file.pdf')).toMatch(/No syntax or stream encoding errors/)
      expect(run('mutool', 'info', 'file.pdf')).not.toMatch(/error|warning/)
    })
  }

  testWith(['openssl', 'pdfsig', 'qpdf', 'mutool'], 'a visible mark on a turned page', async () => {
    makeKey()
    const signed = await signPdf({ bytes: plain, time: signedAt, makeCms, appearance: mark })
    write('visible.pdf', signed)
    expect(run('pdfsig', '-nocert', 'visible.pdf')).toMatch(/Total document signed\s.*Valid/s)
    expect(run('qpdf', '--check', 'visible.pdf')).toMatch(/No syntax/)
    const shown = run('mutool', 'draw', '-F', 'text', 'visible.pdf', '2')
    expect(shown).toMatch(/Signed by Žofia/)
    expect(shown).toMatch(/1 March 2026/)
  })

  testWith(['openssl', 'pdftoppm', 'pdfimages', 'pdfsig'], 'a photograph in the mark', async () => {
    makeKey()
    write('plain.pdf', plain)
    run(
      'pdftoppm',
      '-jpeg',
      '-r',
      '20',
      '-f',
      '1',
      '-l',
      '1',
      '-singlefile',
      'plain.pdf',
      'photograph',
    )
    const jpeg = { kind: 'jpeg', bytes: read('photograph.jpg') } as const
    const appearance = { rect: [0, 0, 90, 60], lines: [], picture: jpeg } as const
    write('pictured.pdf', await signPdf({ bytes: plain, time: signedAt, makeCms, appearance }))
    expect(run('pdfimages', '-list', 'pictured.pdf')).toMatch(
      /image\s+84\s+56\s+rgb\s+3\s+8\s+jpeg/,
    )
    expect(run('pdfsig', '-nocert', 'pictured.pdf')).toMatch(/Signature is Valid/)
  })

  testWith(['openssl', 'mutool', 'qpdf'], 'a field whose widget stands by itself', async () => {
    makeKey()
    const apart = makePdf({
      ...sample,
      11: '<</FT /Sig /T (Author) /Kids [20 0 R]>>',
      3: (sample[3] ?? '').replace('11 0 R', '20 0 R'),
      20: '<</Type /Annot /Subtype /Widget /Parent 11 0 R /Rect [10 40 100 80] /P 3 0 R /F 4>>',
    })
    const signed = await sign(apart)
    const appearance = { lines: ['Alice'] }
    const twice = await signPdf({
      bytes: signed,
      time: signedAt,
      makeCms,
      fieldName: 'Author',
      appearance,
    })
    write('apart.pdf', twice)
    expect(run('mutool', 'draw', '-F', 'text', 'apart.pdf', '1')).toMatch(/Alice/)
    // Poppler 22.12 looks for the value in the widget itself and takes the field for unsigned.
    const author = readSignatures(twice).find(({ fieldName }) => fieldName === 'Author')
    expect(author?.problems).toEqual([])
    expect(verifyCms(author?.cms ?? new Uint8Array(), author?.ranges ?? [])).toMatch(/successful/)
    expect(run('qpdf', '--check', 'apart.pdf')).toMatch(/No syntax/)
    const changes = whatChanged(twice, firstSignature(twice))
    expect(changes).toMatchObject({ kind: 'later signature', isAllowed: true })
  })

  for (const form of ['--linearize', '--object-streams=generate', '--stream-data=compress']) {
    testWith(['openssl', 'pdfsig', 'qpdf'], `a file that qpdf wrote with ${form}`, async () => {
      makeKey()
      write('plain.pdf', plain)
      run('qpdf', form, 'plain.pdf', 'written.pdf')
      const bytes = read('written.pdf')
      const common = { time: signedAt, makeCms }
      const signed = await signPdf({ ...common, bytes, fieldName: 'Author', appearance: mark })
      const again = await signPdf({ ...common, bytes: signed })
      write('again.pdf', again)
      expect(run('pdfsig', '-nocert', 'again.pdf').match(/Signature is Valid/g)).toHaveLength(2)
      expect(run('qpdf', '--check', 'again.pdf')).not.toMatch(/damaged|not found|reconstruct/)
      const [first, second] = readSignatures(again)
      expect(first).toMatchObject({ coverage: 'whole revision', revision: 2, problems: [] })
      expect(second).toMatchObject({ coverage: 'whole file', revision: 3, problems: [] })
      const changes = whatChanged(again, firstSignature(again))
      expect(changes).toMatchObject({ kind: 'later signature', isAllowed: true })
    })
  }

  testWith(
    ['openssl', 'pdfunite', 'pdfsig', 'qpdf'],
    'pdfunite counts one object too few',
    async () => {
      makeKey()
      write('plain.pdf', plain)
      run('pdfunite', 'plain.pdf', 'plain.pdf', 'united.pdf')
      expect(run('qpdf', '--check', 'united.pdf')).toMatch(/not one plus the highest object number/)
      const signed = await signPdf({ bytes: read('united.pdf'), time: signedAt, makeCms })
      write('united-signed.pdf', signed)
      expect(run('pdfsig', '-nocert', 'united-signed.pdf')).toMatch(/Signature is Valid/)
      expect(run('qpdf', '--check', 'united-signed.pdf')).toMatch(/No syntax/)
    },
  )

  testWith(
    ['openssl', 'pdfsig'],
    'one changed byte is seen by OpenSSL over our ranges, and by poppler',
    async () => {
      makeKey()
      const signed = await signPdf({ bytes: plain, time: signedAt, makeCms })
      const changed = signed.slice()
      changed[textOf(signed).indexOf('Pay 100') + 4] = 0x39
      const { cms, ranges } = firstSignature(changed)
      expect(verifyCms(cms, ranges)).toMatch(/Verification failure/)
      write('changed.pdf', changed)
      expect(run('pdfsig', '-nocert', 'changed.pdf')).toMatch(/Digest Mismatch/)
    },
  )

  testWith(['qpdf', 'mutool'], 'a report', async () => {
    const lines = Array.from({ length: 120 }, (_, at) => `Line ${at} ${'with words '.repeat(12)}`)
    write('report.pdf', textReportPdf(lines, 'Report'))
    expect(run('qpdf', '--check', 'report.pdf')).toMatch(/No syntax/)
    expect(run('mutool', 'draw', '-F', 'text', 'report.pdf')).toMatch(/Line 119/)
    expect(pageBoxes(textReportPdf(lines)).length).toBeGreaterThan(2)
  })
})

describe('the update', () => {
  test('a table gets lines of 20 bytes, a stream gets a stream', async () => {
    const appended = textOf((await sign(plain)).subarray(plain.byteLength))
    expect(appended).toMatch(/xref\n(\d+ \d+\n(\d{10} \d{5} n\r\n)+)+trailer\n/)
    expect(textOf((await sign(packedSample())).subarray(packedSample().byteLength))).toMatch(
      /\/Type \/XRef/,
    )
  })

  test('the pieces are the file without its contents', async () => {
    let given: readonly Bytes[] = []
    const signed = await sign(plain, {
      makeCms: async (pieces) => {
        given = pieces.map((piece) => piece.slice())
        return someCms()
      },
    })
    expect(concatBytes(...given)).toEqual(concatBytes(...firstSignature(signed).ranges))
  })

  test('a time is written with its offset', async () => {
    const { signed } = { signed: await sign(plain, { offsetMinutes: 330 }) }
    expect(firstSignature(signed).time).toEqual(signedAt)
  })

  test('annotations and fields behind references, and none at all', async () => {
    const behind = makePdf({
      ...sample,
      3: '<</Type /Page /Parent 2 0 R /Contents 5 0 R /Annots 15 0 R>>',
      8: '<</Fields 16 0 R>>',
      15: '[9 0 R]',
      16: '[9 0 R]',
    })
    const bare = makePdf({
      1: '<</Type /Catalog /Pages 2 0 R>>',
      2: '<</Type /Pages /Kids [3 0 R] /Count 1>>',
      3: '<</Type /Page /Parent 2 0 R>>',
    })
    for (const bytes of [behind, bare]) {
      const twice = await sign(await sign(bytes))
      expect(readSignatures(twice).map(({ fieldName }) => fieldName)).toEqual([
        'Signature1',
        'Signature2',
      ])
      expect(whatChanged(twice, firstSignature(twice))).toMatchObject({
        kind: 'later signature',
        isAllowed: true,
      })
    }
  })
})

describe('refused', () => {
  const refused = async (bytes: Bytes, options: Parameters<typeof sign>[1], code: string) =>
    expect(sign(bytes, options)).rejects.toMatchObject({ code })

  test('what earlier signatures forbid', async () => {
    const closed = await sign(plain, { certify: 1 })
    await refused(closed, {}, 'certified')
    await refused(await sign(plain), { certify: 2 }, 'certification-not-first')
    const fillable = await sign(plain, { certify: 2 })
    await refused(fillable, { appearance: mark }, 'visible-after-certification')
    await sign(fillable, {
      fieldName: 'Author',
      appearance: { lines: ['in the field that was left'] },
    })
    const locking = await sign(plain, { lock: { action: 'include', fields: ['Author'] } })
    await refused(locking, { fieldName: 'Author' }, 'locked')
    await sign(locking, { fieldName: 'Author2' })
    await sign(closed, { subFilter: 'ETSI.RFC3161' })
  })

  test('names and places that are not to be had', async () => {
    await refused(plain, { fieldName: 'Name' }, 'field-name')
    await refused(plain, { fieldName: 'a.b' }, 'field-name')
    await refused(
      await sign(plain, { fieldName: 'Author' }),
      { fieldName: 'Author' },
      'field-in-use',
    )
    await refused(plain, { appearance: { ...mark, page: 3 } }, 'no-such-page')
    await refused(plain, { reservedBytes: 4 }, 'reserved-too-small')
    await refused(
      plain,
      { appearance: { ...mark, picture: { kind: 'jpeg', bytes: bytesOf('GIF89a') } } },
      'bad-picture',
    )
    await refused(bytesOf('hello'), {}, 'not-a-pdf')
    await refused(plain.subarray(0, 300), {}, 'broken-xref')
  })

  test('what the author of the form demands', async () => {
    const demanding = (seed: string) =>
      makePdf({
        ...sample,
        11: `<</Type /Annot /Subtype /Widget /FT /Sig /T (Author) /Rect [0 0 0 0] /SV <<${seed}>>>>`,
      })
    const field = { fieldName: 'Author' }
    await refused(demanding('/Ff 2 /SubFilter [/adbe.pkcs7.detached]'), field, 'seed-value')
    await refused(demanding('/Ff 8 /Reasons [(I agree)]'), { ...field, reason: 'No' }, 'seed-value')
    await refused(demanding('/MDP <</P 1>>'), field, 'seed-value')
    await refused(demanding('/Cert <</Ff 1>>'), field, 'seed-value')
    await sign(demanding('/Ff 8 /Reasons [(I agree)]'), { ...field, reason: 'I agree' })
    await sign(demanding('/SubFilter [/adbe.pkcs7.detached]'), field)
  })
})

test('the lock a form author left is what the signature locks', async () => {
  const locked = makePdf({
    ...sample,
    11: '<</Type /Annot /Subtype /Widget /FT /Sig /T (Author) /Rect [0 0 0 0] /Lock <</Action /Include /Fields [(Name)]>>>>',
  })
  const other = { action: 'include', fields: ['Agree'] } as const
  const signed = await sign(locked, { fieldName: 'Author', lock: other })
  expect(firstSignature(signed).fieldLocks[0]).toEqual({ action: 'include', fields: ['Name'] })
  const filled = (number: number, body: string) =>
    whatChanged(appendObjects(signed, { [number]: body }), firstSignature(signed))
  const name = sample[9]?.replace('/P 3 0 R', '/P 3 0 R /V (Mallory)') ?? ''
  expect(filled(9, name)).toMatchObject({ kind: 'form fill', isAllowed: false })
  const agree = sample[10]?.replace('/AS /Off', '/AS /Yes /V /Yes') ?? ''
  expect(filled(10, agree)).toMatchObject({ kind: 'form fill', isAllowed: true })
})

test('Helvetica tells what it cannot show', () => {
  expect(isShownExactly('Zoë – 5 €')).toBe(true)
  expect(isShownExactly('Žofia Őrsi')).toBe(false)
  expect(isShownExactly('山田')).toBe(false)
})

test('pages have boxes, and turn', () => {
  expect(pageBoxes(plain)).toEqual([
    { mediaBox: [0, 0, 300, 200], cropBox: [0, 0, 300, 200], rotate: 0 },
    { mediaBox: [0, 0, 300, 200], cropBox: [0, 0, 300, 200], rotate: 90 },
  ])
})

test('10 MiB are signed, and hashed but once', async () => {
  const large = makePdf({ ...sample, 20: stream('x'.repeat(10 * 1024 * 1024)) })
  let hashed = 0
  const signed = await sign(large, {
    makeCms: (pieces) => {
      for (const piece of pieces) hashed += piece.byteLength
      return someCms()
    },
  })
  expect(signed.subarray(0, large.byteLength)).toEqual(large)
  expect(hashed).toBeGreaterThan(large.byteLength)
  expect(hashed).toBeLessThan(signed.byteLength)
})
