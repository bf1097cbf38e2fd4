// ui: what the person sees; speaks the protocol like any other client. This file: the folder that backups go into by
// themselves. The browser keeps the permission with the handle, which only its own database can hold; it says
// nothing of the vault.

const databaseName = 'keyhearth-folder'
const store = 'folder'
const key = 'backup'

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(databaseName, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(store)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

async function use<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const db = await open()
  try {
    return await new Promise((resolve, reject) => {
      const request = work(db.transaction(store, mode).objectStore(store))
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  } finally {
    db.close()
  }
}

/** With what the browser says of it: only `granted` lets it be written into without a click. */
export interface BackupFolder {
  readonly handle: FileSystemDirectoryHandle
  readonly isGranted: boolean
}

interface Permitted {
  queryPermission(options: { mode: 'readwrite' }): Promise<PermissionState>
  requestPermission(options: { mode: 'readwrite' }): Promise<PermissionState>
}
const permissionsOf = (handle: FileSystemDirectoryHandle) => handle as unknown as Permitted
const readwrite = { mode: 'readwrite' } as const

export async function backupFolder(): Promise<BackupFolder | null> {
  const handle: FileSystemDirectoryHandle | undefined = await use('readonly', (rows) =>
    rows.get(key),
  )
  if (!handle) return null
  const state = await permissionsOf(handle).queryPermission(readwrite)
  return { handle, isGranted: state === 'granted' }
}

/** Must follow a click. */
export const askAgainFor = async ({ handle }: BackupFolder): Promise<boolean> =>
  (await permissionsOf(handle).requestPermission(readwrite)) === 'granted'

export async function keepBackupFolder(handle: FileSystemDirectoryHandle | null): Promise<void> {
  if (handle) await use('readwrite', (rows) => rows.put(handle, key))
  else await use('readwrite', (rows) => rows.delete(key))
}
