// ui: what the person sees; speaks the protocol like any other client. This file: the documents the person gave to be
// signed. A signature of others that is given with its file, or holds it, can get one more.

import { computed, signal } from '@preact/signals'
import { cmsIn, readCms, verifyJws } from '../documents/index.ts'
import type { JwsForm } from '../protocol/outputs.ts'
import { documentJobs } from './documentJobs.ts'
import { type PdfChoices, type SigningForm, signBeside, signDocument } from './documentSigning.ts'
import type { SigningKey } from './signingKeys.ts'
import { isSigned, type Part, pair, readPart } from './verifyParts.ts'

export const signing = documentJobs()

export const isPdf = ({ name, type }: File): boolean =>
  type === 'application/pdf' || /\.pdf$/i.test(name)

/** What the signatures that are there are over. */
export type Addition =
  | { readonly is: 'inside'; readonly content: Blob }
  | { readonly is: 'beside'; readonly content: File }
  | { readonly is: 'missing' }

interface Looked extends Part {
  readonly file: File
  /** `null`: it holds none of its own. */
  readonly inside: Blob | null
}

const looked = signal<ReadonlyMap<File, Looked>>(new Map())

/** Larger ones are held as a whole only where they are checked. */
const mostLookedBytes = 64 * 1024 * 1024
const extensible: ReadonlySet<Part['kind']> = new Set([
  'cms-der',
  'cms-pem',
  'smime-opaque',
  'jws-json',
])

async function look(file: File): Promise<Looked> {
  const part = await readPart(file.name, file)
  const mayHold = extensible.has(part.kind) && !part.isApart && file.size <= mostLookedBytes
  const look = part.kind === 'jws-json' ? insideJws : insideCms
  return { ...part, file, inside: mayHold ? await look(file) : null }
}

async function insideJws(file: File): Promise<Blob | null> {
  const { payload } = await verifyJws(await file.text())
  return payload && new Blob([payload])
}

async function insideCms(file: File): Promise<Blob | null> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  const cms = isSigned(file.name, bytes) ? cmsIn(bytes) : null
  const content = cms && typeof cms !== 'string' ? readCms(cms).content : null
  return content && new Blob([content])
}

export function addDocuments(files: readonly File[]): void {
  signing.add(files)
  for (const file of files) {
    look(file).then(
      (found) => {
        looked.value = new Map(looked.value).set(file, found)
      },
      // What cannot be read says so when it is signed.
      () => {},
    )
  }
}

/** By the files that hold signatures of others. */
export const additions = computed<ReadonlyMap<File, Addition>>(() => {
  const parts = signing.jobs.value.flatMap(({ file }) => looked.value.get(file) ?? [])
  const found = new Map<File, Addition>()
  for (const { inside, file } of parts)
    if (inside) found.set(file, { is: 'inside', content: inside })
  for (const { file: content, signature } of pair(parts)) {
    const file = parts.find((one) => one === signature)?.file
    if (!file || !signature || !extensible.has(signature.kind)) continue
    const given = parts.find((one) => one === content)?.file
    found.set(file, given ? { is: 'beside', content: given } : { is: 'missing' })
  }
  return found
})

export interface HowToSign {
  readonly key: SigningKey
  /** `auto`: PDFs inside, a signature beside those that are there, everything else beside it. */
  readonly form: SigningForm | 'auto'
  readonly pdf: PdfChoices
  readonly jws: JwsForm
  readonly sshNamespace: string
  readonly timeStampServer: URL | null
}

/** What gets a signature of its own: not the files whose signatures get one more. */
export function toSign(form: HowToSign['form']) {
  const jobs = signing.jobs.value
  if (form !== 'auto') return jobs
  const others = [...additions.value.values()].flatMap((one) =>
    one.is === 'beside' ? [one.content] : [],
  )
  return jobs.filter(({ file }) => !others.includes(file))
}

export function signAll(how: HowToSign): Promise<void> {
  const { form, timeStampServer, ...rest } = how
  const sign = (file: File, onBytes: (bytes: number) => void) => {
    const stamp = timeStampServer ? { timeStampServer } : {}
    const work = { file, name: file.name, ...rest, onBytes, ...stamp }
    const addition = form === 'auto' ? additions.value.get(file) : undefined
    if (addition) return signBeside(work, addition.is === 'beside' ? addition.content : null)
    return signDocument(form === 'auto' ? (isPdf(file) ? 'pdf' : 'p7s') : form, work)
  }
  // A server is asked in a tab: one is enough.
  return signing.run(sign, toSign(form), timeStampServer ? 1 : undefined)
}
