// The bench: in a page of Keyhearth's own, documents signed and verified as its screens do it, by keys of the running
// background, beside the hashing or the key's work alone over the same bytes, in turns.

import { Batch } from '../../src/certificates/index.ts'
import { type Bytes, concatBytes } from '../../src/codec/bytes.ts'
import { encodeUtf8 } from '../../src/codec/text.ts'
import { digestStream, verifyDocument } from '../../src/documents/index.ts'
import { call } from '../../src/ui/call.ts'
import { signDocument } from '../../src/ui/documentSigning.ts'
import { eachFile } from '../../src/ui/eachFile.ts'
import { certifyOneself, type SigningKey, usualSigningKey } from '../../src/ui/signingKeys.ts'
import { refresh } from '../../src/ui/status.ts'
import { randomBytes } from './bare/randomBytes.ts'
import { inTurns, type Pairs, type Work } from './bare/turns.ts'

declare global {
  interface Window {
    documents: typeof documents
  }
}

export type DocumentCase = keyof typeof cases
type Against = 'stream' | 'whole' | 'key'

interface Sides {
  readonly ours: Work
  readonly bare: Partial<Record<Against, Work>>
}

const mib = 1024 * 1024
const once = 1
/** As many as make a measurement of some seconds; four rounds of them are the thousand. */
const smallFiles = 250

let known: Promise<SigningKey> | undefined
function signingKey(): Promise<SigningKey> {
  known ??= refresh()
    .then(usualSigningKey)
    .then((key) => certifyOneself(key, 'Bench'))
  return known
}

const sha256 = (file: Blob): Record<'stream' | 'whole', Work> => ({
  stream: () => digestStream(file.stream(), ['SHA-256']),
  whole: async () => crypto.subtle.digest('SHA-256', await file.arrayBuffer()),
})

/** One page, and a picture's worth of bytes that nothing compresses. */
function pdfOf(picture: Bytes): Blob {
  const objects = [
    '<</Type /Catalog /Pages 2 0 R>>',
    '<</Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 300 200]>>',
    '<</Type /Page /Parent 2 0 R /Resources <</XObject <</I 4 0 R>>>>>>',
    `<</Type /XObject /Subtype /Image /Width ${picture.byteLength} /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray /Length ${picture.byteLength}>>\nstream\n`,
  ]
  const pieces = [encodeUtf8('%PDF-1.7\n')]
  const starts: number[] = []
  let at = pieces[0]?.byteLength ?? 0
  const put = (piece: Bytes) => {
    pieces.push(piece)
    at += piece.byteLength
  }
  for (const [index, body] of objects.entries()) {
    starts.push(at)
    put(encodeUtf8(`${index + 1} 0 obj\n${body}`))
    if (index === objects.length - 1) {
      put(picture)
      put(encodeUtf8('\nendstream'))
    }
    put(encodeUtf8('\nendobj\n'))
  }
  const rows = starts.map((start) => `${String(start).padStart(10, '0')} 00000 n\r\n`)
  const table = `xref\n0 5\n0000000000 65535 f\r\n${rows.join('')}`
  put(encodeUtf8(`${table}trailer\n<</Root 1 0 R /Size 5>>\nstartxref\n${at}\n%%EOF\n`))
  return new Blob([concatBytes(...pieces)])
}

const signed = async (form: 'p7s' | 'pdf', file: Blob) =>
  (await signDocument(form, { file, name: 'bench', key: await signingKey() })).content

/** One question for as many documents as are checked one after another, as the screen asks it. */
async function trusting() {
  const { certificate } = await signingKey()
  return { anchors: certificate ? [certificate] : [], at: new Date(), batch: new Batch() }
}

interface ToVerify {
  readonly file: Blob
  readonly signature?: Bytes
}

async function verified(input: ToVerify, question = trusting()): Promise<void> {
  const { verdict, problem } = await verifyDocument({ ...input, ...(await question) })
  if (verdict !== 'valid') throw new Error(`the document is ${problem ?? verdict}`)
}

async function signing(form: 'p7s' | 'pdf', file: Blob): Promise<Sides> {
  return { ours: () => signed(form, file), bare: sha256(file) }
}

async function verifyingDetached(file: Blob): Promise<Sides> {
  const signature = await (await signed('p7s', file)).bytes()
  return { ours: () => verified({ file, signature }), bare: sha256(file) }
}

async function verifyingPdf(file: Blob): Promise<Sides> {
  const whole = await signed('pdf', file)
  return { ours: () => verified({ file: whole }), bare: sha256(whole) }
}

const small = () => Array.from({ length: smallFiles }, () => new Blob([randomBytes(1024)]))

/** As many at a time as the screens take, on both sides. */
async function each<T>(all: readonly T[], work: (one: T) => Promise<unknown>): Promise<void> {
  const failures: unknown[] = []
  await eachFile(all, {
    bytesOf: () => 1024,
    work: (one) =>
      work(one).then(
        () => {},
        (error: unknown) => void failures.push(error),
      ),
  })
  if (failures.length > 0) throw failures[0]
}

/** What is signed of a CMS is its attributes, some 200 bytes. */
async function signingSmall(): Promise<Sides> {
  const { keyId: KeyId } = await signingKey()
  const files = small()
  const Message = randomBytes(200)
  const sign = () => call('kms:Sign', { KeyId, Message, SigningAlgorithm: 'ECDSA_SHA_256' })
  return {
    ours: () => each(files, (file) => signed('p7s', file)),
    bare: { key: () => each(files, sign) },
  }
}

async function verifyingSmall(): Promise<Sides> {
  const { certificate } = await signingKey()
  const curve = { name: 'ECDSA', namedCurve: 'P-256' }
  const spki = certificate?.publicKey ?? new Uint8Array()
  const pairs: ToVerify[] = []
  for (const file of small()) {
    pairs.push({ file, signature: await (await signed('p7s', file)).bytes() })
  }
  const [attributes, value] = [randomBytes(200), randomBytes(64)]
  const check = async () => {
    const key = await crypto.subtle.importKey('spki', spki, curve, false, ['verify'])
    // Twice: the signature, and the certificate's own.
    for (let i = 0; i < 2; i++) {
      await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, value, attributes)
    }
  }
  const verifyAll = async () => {
    const question = trusting()
    await each(pairs, (one) => verified(one, question))
  }
  return { ours: verifyAll, bare: { key: () => each(pairs, check) } }
}

const cases = {
  signLarge: () => signing('p7s', new Blob([randomBytes(100 * mib)])),
  signPdf: () => signing('pdf', pdfOf(randomBytes(10 * mib))),
  signSmall: signingSmall,
  verifyLarge: () => verifyingDetached(new Blob([randomBytes(100 * mib)])),
  verifyPdf: () => verifyingPdf(pdfOf(randomBytes(10 * mib))),
  verifySmall: verifyingSmall,
} as const satisfies Record<string, () => Promise<Sides>>

/** What was made for a case stays for its next turn. */
const made = new Map<DocumentCase, Promise<Sides>>()

let kept = new Blob()

const documents = {
  async measure(name: DocumentCase, against: Against, rounds: number): Promise<Pairs> {
    const sides = made.get(name) ?? cases[name]()
    made.set(name, sides)
    const { ours, bare } = await sides
    const other = bare[against]
    if (!other) throw new Error(`${name} is not measured against ${against}`)
    return inTurns(ours, other, rounds, once)
  },
  /** The file that `sign` signs: it is there before memory is looked at. */
  make(size: number): void {
    kept = new Blob([randomBytes(size * mib)])
  },
  /** Signed once, while somebody outside looks at the memory. */
  async sign(): Promise<void> {
    await signed('p7s', kept)
  },
}
window.documents = documents
