// ui: what the person sees; speaks the protocol like any other client. This file: the files the person gave,
// and what becomes of them: two at a time, as long as the manager is open, whatever section it shows.

import { signal } from '@preact/signals'
import type { Place, Target } from './fileTargets.ts'
import { decryptFile, encryptFile, type Work } from './fileWork.ts'

export type FileAction = 'encrypt' | 'decrypt'

type JobState =
  | { readonly is: 'chosen' }
  | { readonly is: 'waiting'; readonly action: FileAction }
  | {
      readonly is: 'running'
      readonly action: FileAction
      /** Bytes read so far. */
      readonly bytes: number
      readonly startedAt: number
    }
  | { readonly is: 'done'; readonly action: FileAction; readonly name: string }
  | { readonly is: 'failed'; readonly action: FileAction; readonly error: unknown }
  | { readonly is: 'cancelled'; readonly action: FileAction }

export interface Job {
  readonly id: string
  readonly file: File
  readonly folders: readonly string[]
  readonly state: JobState
}

export interface HowToWork {
  readonly begin: (place: Place) => Promise<Target>
  readonly hideNames: boolean
}

export const jobs = signal<readonly Job[]>([])

const atOnce = 2
/** More often than this nobody reads a number. */
const tellMs = 200

const ways = new Map<string, HowToWork>()
const cancels = new Map<string, AbortController>()

function change(id: string, state: JobState): void {
  jobs.value = jobs.value.map((job) => (job.id === id ? { ...job, state } : job))
}

export function addFiles(files: readonly { file: File; folders: readonly string[] }[]): void {
  const fresh = files.map(
    ({ file, folders }): Job => ({
      id: crypto.randomUUID(),
      file,
      folders,
      state: { is: 'chosen' },
    }),
  )
  jobs.value = [...jobs.value, ...fresh]
}

export function removeJob(id: string): void {
  cancelJob(id)
  jobs.value = jobs.value.filter((job) => job.id !== id)
}

/** Those that are over, or not begun. */
export function clearJobs(): void {
  jobs.value = jobs.value.filter(({ state }) => state.is === 'running' || state.is === 'waiting')
}

/** Begins what was chosen, and what was given up or failed before. */
export function start(action: FileAction, how: HowToWork): void {
  for (const { id, state } of jobs.value) {
    if (state.is === 'running' || state.is === 'waiting' || state.is === 'done') continue
    ways.set(id, how)
    change(id, { is: 'waiting', action })
  }
  goOn()
}

export function cancelJob(id: string): void {
  cancels.get(id)?.abort()
  const job = jobs.value.find((one) => one.id === id)
  if (job?.state.is === 'waiting') change(id, { is: 'cancelled', action: job.state.action })
}

export function cancelAll(): void {
  for (const { id } of jobs.value) cancelJob(id)
}

function goOn(): void {
  const running = jobs.value.filter(({ state }) => state.is === 'running').length
  const waiting = jobs.value.filter(({ state }) => state.is === 'waiting')
  for (const job of waiting.slice(0, atOnce - running)) void run(job)
}

async function run({ id, file, folders, state }: Job): Promise<void> {
  const how = ways.get(id)
  if (state.is !== 'waiting' || !how) return
  const { action } = state
  const cancel = new AbortController()
  cancels.set(id, cancel)
  const startedAt = Date.now()
  let toldAt = 0
  const onBytes = (bytes: number) => {
    const now = Date.now()
    if (now - toldAt < tellMs) return
    toldAt = now
    change(id, { is: 'running', action, bytes, startedAt })
  }
  onBytes(0)
  const work: Work = { file, folders, begin: how.begin, signal: cancel.signal, onBytes }
  try {
    const name = await (action === 'encrypt' ? encryptFile(work, how.hideNames) : decryptFile(work))
    change(id, { is: 'done', action, name })
  } catch (error) {
    change(
      id,
      cancel.signal.aborted ? { is: 'cancelled', action } : { is: 'failed', action, error },
    )
  }
  cancels.delete(id)
  ways.delete(id)
  goOn()
}
