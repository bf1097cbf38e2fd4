// ui: what the person sees; speaks the protocol like any other client. This file: documents the person gave to have
// something done with each, and what becomes of them: each saved as soon as it is there.

import { type ReadonlySignal, signal } from '@preact/signals'
import { download } from './download.ts'
import { eachFile } from './eachFile.ts'

type State =
  | { readonly is: 'chosen' }
  | { readonly is: 'running'; readonly bytes: number }
  | { readonly is: 'done'; readonly name: string }
  | { readonly is: 'failed'; readonly error: unknown }

export interface DocumentJob {
  readonly id: string
  readonly file: File
  readonly state: State
}

/** What comes of a document: among the downloads, under that name. */
export interface MadeFile {
  readonly name: string
  readonly content: Blob
}

type Work = (file: File, onBytes: (bytes: number) => void) => Promise<MadeFile>

export interface DocumentJobs {
  readonly jobs: ReadonlySignal<readonly DocumentJob[]>
  readonly busy: ReadonlySignal<boolean>
  add(files: readonly File[]): void
  remove(id: string): void
  clear(): void
  /** Those of these that are not done yet. */
  run(work: Work, among?: readonly DocumentJob[], mostAtOnce?: number): Promise<void>
  /** What is under way ends; what waits is not begun. */
  stop(): void
}

/** More often than this nobody reads a number. */
const tellMs = 200

export function documentJobs(): DocumentJobs {
  const jobs = signal<readonly DocumentJob[]>([])
  const busy = signal(false)
  let stopped = false
  const change = (id: string, state: State): void => {
    jobs.value = jobs.value.map((job) => (job.id === id ? { ...job, state } : job))
  }
  const runOne = async ({ id, file }: DocumentJob, work: Work): Promise<void> => {
    let toldAt = 0
    const onBytes = (bytes: number) => {
      const now = Date.now()
      if (now - toldAt < tellMs) return
      toldAt = now
      change(id, { is: 'running', bytes })
    }
    onBytes(0)
    try {
      const { name, content } = await work(file, onBytes)
      download(name, content)
      change(id, { is: 'done', name })
    } catch (error) {
      change(id, { is: 'failed', error })
    }
  }
  return {
    jobs,
    busy,
    add(files) {
      const fresh = files.map(
        (file): DocumentJob => ({ id: crypto.randomUUID(), file, state: { is: 'chosen' } }),
      )
      jobs.value = [...jobs.value, ...fresh]
    },
    remove(id) {
      jobs.value = jobs.value.filter((job) => job.id !== id)
    },
    clear() {
      jobs.value = []
    },
    async run(work, among = jobs.value, mostAtOnce) {
      stopped = false
      busy.value = true
      try {
        await eachFile(
          among.filter(({ state }) => state.is !== 'done'),
          {
            bytesOf: ({ file }) => file.size,
            work: (job) => runOne(job, work),
            isOver: () => stopped,
            ...(mostAtOnce === undefined ? {} : { mostAtOnce }),
          },
        )
      } finally {
        busy.value = false
      }
    },
    stop() {
      stopped = true
    },
  }
}
