// ui: what the person sees; speaks the protocol like any other client. This file: where results of work on
// files go: into a folder the person chose (File System Access), else into the extension's own file system
// (OPFS) and from there among the downloads. Both write aside and put the file in place when it is whole.

import { download } from './download.ts'

export interface Target {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>
  /** All of it is there, and proven. @returns the name it has now */
  finish(): Promise<string>
  abandon(): Promise<void>
}

export interface Place {
  readonly name: string
  /** Folders above it, which are made where they are missing. */
  readonly folders: readonly string[]
  readonly type: string
}

type Begin = (place: Place) => Promise<Target>

/** `report.pdf`, `report (2).pdf`, ... */
function* namesLike(name: string): Generator<string> {
  yield name
  const dot = name.lastIndexOf('.')
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
  for (let number = 2; ; number++) yield `${stem} (${number})${ending}`
}

async function freeName(folder: FileSystemDirectoryHandle, name: string): Promise<string> {
  for (const candidate of namesLike(name)) {
    const there = await folder.getFileHandle(candidate).catch((error: DOMException) => error)
    if (there instanceof DOMException && there.name === 'NotFoundError') return candidate
  }
  return name
}

/** Names that are being written, so that two files of one name do not meet. */
const beingWritten = new Set<string>()

/** Into that folder. A file of the same name is never written over. */
export const intoFolder =
  (root: FileSystemDirectoryHandle): Begin =>
  async ({ name, folders }) => {
    let folder = root
    for (const one of folders) folder = await folder.getDirectoryHandle(one, { create: true })
    const place = (candidate: string) => [...folders, candidate].join('/')
    let free = await freeName(folder, name)
    for (const candidate of namesLike(name)) {
      if (!beingWritten.has(place(free))) break
      free = await freeName(folder, candidate)
    }
    beingWritten.add(place(free))
    // Its content stands in a file of the browser's until it is closed; until then there is an empty one.
    const handle = await folder.getFileHandle(free, { create: true })
    const writable = await handle.createWritable()
    return {
      write: (bytes) => writable.write(bytes),
      async finish() {
        await writable.close()
        beingWritten.delete(place(free))
        return free
      },
      async abandon() {
        await writable.abort().catch(() => {})
        await folder.removeEntry(free).catch(() => {})
        beingWritten.delete(place(free))
      },
    }
  }

const workshop = `files-${crypto.randomUUID()}`
const lockName = (folder: string) => `keyhearth ${folder}`
let opening: Promise<FileSystemDirectoryHandle> | null = null

/** This page's own folder, which lives as long as the page: others see that by its lock. */
function ownFolder(): Promise<FileSystemDirectoryHandle> {
  opening ??= open()
  return opening
}

async function open(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory()
  await removeLeftovers(root)
  void navigator.locks.request(lockName(workshop), () => new Promise(() => {}))
  return root.getDirectoryHandle(workshop, { create: true })
}

/** What pages left that were closed, or a browser that was killed. */
async function removeLeftovers(root: FileSystemDirectoryHandle): Promise<void> {
  const { held = [] } = await navigator.locks.query()
  const living = new Set(held.map(({ name }) => name))
  for await (const name of root.keys()) {
    if (living.has(lockName(name))) continue
    await root.removeEntry(name, { recursive: true }).catch(() => {})
  }
}

/** At the opening of the manager: half files of an earlier time do not stay on the disk. */
export const tidyUp = (): Promise<unknown> => ownFolder()

/** Among the downloads, once it is whole. */
export const intoDownloads: Begin = async ({ name, type }) => {
  const folder = await ownFolder()
  const own = crypto.randomUUID()
  const handle = await folder.getFileHandle(own, { create: true })
  const writable = await handle.createWritable()
  const remove = () => folder.removeEntry(own).catch(() => {})
  return {
    write: (bytes) => writable.write(bytes),
    async finish() {
      await writable.close()
      download(name, (await handle.getFile()).slice(0, undefined, type))
      // The download reads the file while it lasts; it goes with the page at the latest.
      setTimeout(remove, 10 * 60_000)
      return name
    },
    async abandon() {
      await writable.abort().catch(() => {})
      await remove()
    },
  }
}
