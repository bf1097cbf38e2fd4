// ui: what the person sees; speaks the protocol like any other client. This file: the documents the person gave to be
// signed, and what becomes of each: one after the other, since each key signs one at a time.

import { signal } from '@preact/signals'
import { type PdfChoices, type SigningForm, signDocument } from './documentSigning.ts'
import { download } from './download.ts'
import type { SigningKey } from './signingKeys.ts'

type State =
  | { readonly is: 'chosen' }
  | { readonly is: 'running'; readonly bytes: number }
  | { readonly is: 'done'; readonly name: string }
  | { readonly is: 'failed'; readonly error: unknown }

export interface SigningJob {
  readonly id: string
  readonly file: File
  readonly state: State
}

export const signingJobs = signal<readonly SigningJob[]>([])
export const signingNow = signal(false)
let stopped = false

const change = (id: string, state: State): void => {
  signingJobs.value = signingJobs.value.map((job) => (job.id === id ? { ...job, state } : job))
}

export function addDocuments(files: readonly File[]): void {
  const fresh = files.map(
    (file): SigningJob => ({ id: crypto.randomUUID(), file, state: { is: 'chosen' } }),
  )
  signingJobs.value = [...signingJobs.value, ...fresh]
}

export function removeDocument(id: string): void {
  signingJobs.value = signingJobs.value.filter((job) => job.id !== id)
}

export function clearDocuments(): void {
  signingJobs.value = []
}

/** What is under way ends; what waits is not begun. */
export function stopSigning(): void {
  stopped = true
}

export const isPdf = ({ name, type }: File): boolean =>
  type === 'application/pdf' || /\.pdf$/i.test(name)

export interface HowToSign {
  readonly key: SigningKey
  /** `auto`: PDFs inside, everything else beside it. */
  readonly form: SigningForm | 'auto'
  readonly pdf: PdfChoices
  readonly timeStampServer: URL | null
}

export async function signAll({ key, form, ...how }: HowToSign): Promise<void> {
  stopped = false
  signingNow.value = true
  try {
    for (const { id, file, state } of signingJobs.value) {
      if (stopped) break
      if (state.is === 'done') continue
      const chosen = form === 'auto' ? (isPdf(file) ? 'pdf' : 'p7s') : form
      await signOne(id, { file, key, form: chosen, ...how })
    }
  } finally {
    signingNow.value = false
  }
}

/** More often than this nobody reads a number. */
const tellMs = 200

async function signOne(
  id: string,
  {
    file,
    key,
    form,
    pdf,
    timeStampServer,
  }: Omit<HowToSign, 'form'> & { file: File; form: SigningForm },
): Promise<void> {
  let toldAt = 0
  const onBytes = (bytes: number) => {
    const now = Date.now()
    if (now - toldAt < tellMs) return
    toldAt = now
    change(id, { is: 'running', bytes })
  }
  onBytes(0)
  try {
    const { name, content } = await signDocument(form, {
      file,
      name: file.name,
      key,
      pdf,
      onBytes,
      ...(timeStampServer ? { timeStampServer } : {}),
    })
    download(name, content)
    change(id, { is: 'done', name })
  } catch (error) {
    change(id, { is: 'failed', error })
  }
}
