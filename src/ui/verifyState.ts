// ui: what the person sees; speaks the protocol like any other client. This file: what was given to be checked, and what
// came out, as long as the manager is open: a locked vault in between takes nothing away.

import { signal } from '@preact/signals'
import type { DocumentReport } from '../documents/index.ts'
import { eachFile } from './eachFile.ts'
import { type Evidence, readEvidence } from './verifyEvidence.ts'
import { type Part, readPart, type ToCheck } from './verifyParts.ts'
import { check, type Known, type Question, questionOfNow } from './verifyWork.ts'

export type Outcome =
  | { readonly is: 'waiting' }
  | { readonly is: 'checking'; readonly bytes: number }
  | { readonly is: 'done'; readonly report: DocumentReport; readonly at: number }
  | { readonly is: 'failed'; readonly error: unknown }
  | { readonly is: 'cancelled' }

/** What was found with that knowledge; with other knowledge it is asked anew. */
interface Answer {
  readonly sight: string
  readonly outcome: Outcome
}

export const parts = signal<readonly Part[]>([])
export const evidence = signal<readonly Evidence[]>([])
/** What signatures of SSH must be for. */
export const sshNamespace = signal('file')
const answers = signal<ReadonlyMap<string, Answer>>(new Map())

export const outcomeOf = ({ id }: ToCheck): Outcome =>
  answers.value.get(id)?.outcome ?? { is: 'waiting' }

function answer(id: string, sight: string, outcome: Outcome): void {
  answers.value = new Map(answers.value).set(id, { sight, outcome })
}

/** What helps to judge is put there. @returns names of what is neither, where only evidence was asked for */
export async function give(
  files: readonly { readonly name: string; readonly blob: Blob }[],
  wanted: 'anything' | 'evidence',
): Promise<readonly string[]> {
  const useless: string[] = []
  for (const { name, blob } of files) {
    const part = await readPart(name, blob)
    const found = mayBeEvidence(part) ? await readEvidence(name, blob) : null
    if (found) evidence.value = [...evidence.value, found]
    else if (wanted === 'evidence') useless.push(name)
    else parts.value = [...parts.value, part]
  }
  return useless
}

/** Nothing that is of no known kind is read as a whole, unless it is small. */
const mayBeEvidence = ({ kind, blob }: Part): boolean =>
  ['certificate', 'certificate-list', 'key-file', 'cms-der'].includes(kind) ||
  (kind === 'unknown' && blob.size <= 1024 * 1024)

export function takeAway({ file, signature }: ToCheck): void {
  // A file may have several signatures.
  const gone = signature ?? file
  parts.value = parts.value.filter((part) => part !== gone)
}

export function dropEvidence(gone: Evidence): void {
  evidence.value = evidence.value.filter((one) => one !== gone)
}

export function clearAll(): void {
  parts.value = []
  evidence.value = []
  answers.value = new Map()
}

const running = new Map<string, AbortController>()

export const cancelCheck = ({ id }: ToCheck): void => running.get(id)?.abort()

/** Counts how often the person asked once more. */
export const rounds = signal(0)

export function checkAgain({ id }: ToCheck): void {
  const rest = new Map(answers.value)
  rest.delete(id)
  answers.value = rest
  rounds.value++
}

/** More often than this nobody reads a number. */
const tellBytes = 8 * 1024 * 1024

/** What was found with the same knowledge stands. */
export async function checkAll(
  documents: readonly ToCheck[],
  known: Known,
  sight: string,
  signal: AbortSignal,
): Promise<void> {
  let question: Question | null = null
  await eachFile(
    documents.filter(({ id }) => answers.value.get(id)?.sight !== sight),
    {
      bytesOf: ({ file, signature }) => (file ?? signature)?.blob.size ?? 0,
      work: (document) => {
        question = questionOfNow(question)
        return checkOne(document, { known, question }, sight, signal)
      },
      isOver: () => signal.aborted,
    },
  )
}

async function checkOne(
  document: ToCheck,
  judging: { readonly known: Known; readonly question: Question },
  sight: string,
  outer: AbortSignal,
): Promise<void> {
  const { id } = document
  const controller = new AbortController()
  running.set(id, controller)
  const signal = AbortSignal.any([outer, controller.signal])
  let told = 0
  const onBytes = (bytes: number) => {
    if (signal.aborted || bytes - told < tellBytes) return
    told = bytes
    answer(id, '', { is: 'checking', bytes })
  }
  answer(id, '', { is: 'checking', bytes: 0 })
  // So that the screen says so before the work begins.
  await new Promise((resolve) => setTimeout(resolve))
  try {
    const given = { evidence: evidence.value, sshNamespace: sshNamespace.value }
    const options = { ...judging, ...given, signal, onBytes }
    const report = await check(document, options)
    if (outer.aborted) return
    answer(id, sight, { is: 'done', report, at: Date.now() })
  } catch (error) {
    if (outer.aborted) return
    answer(id, sight, signal.aborted ? { is: 'cancelled' } : { is: 'failed', error })
  } finally {
    if (running.get(id) === controller) running.delete(id)
  }
}
