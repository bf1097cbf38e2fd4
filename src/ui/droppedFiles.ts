// ui: what the person sees; speaks the protocol like any other client. This file: files out of what was
// dropped or chosen, folders with all that lies in them.

export interface GivenFile {
  readonly file: File
  /** The outermost first. */
  readonly folders: readonly string[]
}

/** Of `<input type="file">`, of a folder too: there the path stands beside each file. */
export const filesOf = (list: FileList | null): GivenFile[] =>
  [...(list ?? [])].map((file) => ({
    file,
    folders: file.webkitRelativePath.split('/').slice(0, -1),
  }))

/** Of a drop. What is dropped must be asked for before the event is over; what is in it may come later. */
export async function filesDropped(data: DataTransfer): Promise<GivenFile[]> {
  const entries = [...data.items].flatMap((item) => item.webkitGetAsEntry() ?? [])
  const found = await Promise.all(entries.map((entry) => filesIn(entry, [])))
  return found.flat()
}

async function filesIn(entry: FileSystemEntry, folders: readonly string[]): Promise<GivenFile[]> {
  if (isFile(entry)) return [{ file: await fileOf(entry), folders }]
  if (!isFolder(entry)) return []
  const found: GivenFile[] = []
  for (const one of await entriesOf(entry)) {
    found.push(...(await filesIn(one, [...folders, entry.name])))
  }
  return found
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject))

/** A folder gives its entries in parts, and none when there are no more. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (part.length === 0) return all
    all.push(...part)
  }
}
