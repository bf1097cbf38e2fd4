// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: why a key file is refused, and what the reading of one may be told.

const sentences = {
  'not-recognised': 'This is no key file that Keyhearth knows.',
  'public-key': 'This file holds a public key alone.',
  damaged: 'This key file is damaged: it does not hold what its format says.',
  'needs-password': 'This key file is encrypted. Enter its password.',
  'wrong-password': 'The password does not open this key file, or the file is damaged.',
  'unknown-encryption': 'This key file is encrypted in a way that Keyhearth does not know.',
  'too-costly': 'Opening this key file would take more memory or time than a browser has.',
  'too-weak': 'This RSA key is shorter than 2048 bits.',
  'unknown-kind': 'No key of the vault can be of this kind or size.',
  'not-a-pair': 'The halves of this key do not belong together, or are no points of its curve.',
  'too-large': 'This is larger than any key file.',
  cancelled: 'Opening the key file was cancelled.',
} as const

export type KeyFileErrorCode = keyof typeof sentences

export class KeyFileError extends Error {
  override readonly name = 'KeyFileError'
  readonly code: KeyFileErrorCode

  constructor(code: KeyFileErrorCode) {
    super(sentences[code])
    this.code = code
  }
}

export function refuse(code: KeyFileErrorCode): never {
  throw new KeyFileError(code)
}

export interface KeyFileOptions {
  readonly signal?: AbortSignal
  /** From 0 to 1, of the key derivation that runs; only where that can be told. */
  readonly onProgress?: (done: number) => void
}

/** Lets others run, and ends where the person has cancelled. */
export async function pause({ signal, onProgress }: KeyFileOptions, done: number): Promise<void> {
  onProgress?.(done)
  await new Promise((resolve) => setTimeout(resolve))
  if (signal?.aborted) refuse('cancelled')
}

/** The work itself may go on in the background, but nobody waits for it. */
export function orCancelled<T>(work: Promise<T>, { signal }: KeyFileOptions): Promise<T> {
  if (!signal) return work
  return new Promise((resolve, reject) => {
    const cancel = () => reject(new KeyFileError('cancelled'))
    if (signal.aborted) cancel()
    signal.addEventListener('abort', cancel, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancel))
  })
}
