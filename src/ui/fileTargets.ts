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
function* namesLike(name: string): Generator<string, never> {
  yield name
  const dot = name.lastIndexOf('.')
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
  for (let number = 2; ; number++) yield `${stem} (${number})${ending}`
}

/** @throws DOMException where the folder cannot be looked into */
async function isFree(folder: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  try {
    await folder.getFileHandle(name)
    return false
  } catch (error) {
    const { name: why } = error as DOMException
    if (why === 'NotFoundError') return true
    // A folder is called so.
    if (why === 'TypeMismatchError') return false
    throw error
  }
}

/** Places that are being written, so that two files of one name do not meet. */
const beingWritten = new Set<string>()

interface Reserved {
  readonly name: string
  release(): void
}

async function reserve(
  folder: FileSystemDirectoryHandle,
  { name, folders }: Place,
): Promise<Reserved> {
  const names = namesLike(name)
  for (;;) {
    const candidate = names.next().value
    const place = [...folders, candidate].join('/')
    if (beingWritten.has(place)) continue
    beingWritten.add(place)
    const reserved: Reserved = { name: candidate, release: () => beingWritten.delete(place) }
    const free = await isFree(folder, candidate).catch((error: unknown) => {
      reserved.release()
      throw error
    })
    if (free) return reserved
    reserved.release()
  }
}

/** Its content stands in a file of the browser's until it is closed; until then there is an empty one. */
async function writableAt(folder: FileSystemDirectoryHandle, name: string) {
  const handle = await folder.getFileHandle(name, { create: true })
  return handle.createWritable().catch(async (error: unknown) => {
    await folder.removeEntry(name).catch(() => {})
    throw error
  })
}

export const canChooseFolder = 'showDirectoryPicker' in globalThis

/** `null` where the person chose none. Must follow a click. */
export async function chooseFolder(): Promise<FileSystemDirectoryHandle | null> {
  const { showDirectoryPicker } = globalThis as unknown as {
    showDirectoryPicker(options: object): Promise<FileSystemDirectoryHandle>
  }
  try {
    return await showDirectoryPicker({ mode: 'readwrite', id: 'keyhearth' })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null
    throw error
  }
}

/** Into that folder. A file of the same name is never written over. */
export const intoFolder =
  (root: FileSystemDirectoryHandle): Begin =>
  async (place) => {
    let folder = root
    for (const one of place.folders) folder = await folder.getDirectoryHandle(one, { create: true })
    const { name, release } = await reserve(folder, place)
    const writable = await writableAt(folder, name).catch((error: unknown) => {
      release()
      throw error
    })
    return {
      write: (bytes) => writable.write(bytes),
      async finish() {
        await writable.close()
        release()
        return name
      },
      async abandon() {
        await writable.abort().catch(() => {})
        await folder.removeEntry(name).catch(() => {})
        release()
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
