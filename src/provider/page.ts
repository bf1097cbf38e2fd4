// provider: what a web page holds. This file: `keyhearth/page`, for pages that use it: the types of what Keyhearth
// gives them, and how to ask. It needs nothing else of Keyhearth, so it may be copied.

/**
 * `messages`: encrypt and decrypt under a key of the site's own. `keys`: all of AWS KMS in its own account. `secrets`: all of
 * Secrets Manager there. `sign`: ask the person to sign with a key of theirs.
 */
export type Right = 'messages' | 'keys' | 'secrets' | 'sign'

export interface EncryptOptions {
  /** A key of the site; `alias/site` unless told. */
  readonly keyId?: string
  /** A branch key of the site instead. */
  readonly branchKeyId?: string
  /** Identity cards, as people give them, of those who are to read it besides the site. */
  readonly recipients?: readonly string[]
  /** Strings bound to the message, readable by all. */
  readonly encryptionContext?: Readonly<Record<string, string>>
  /** Signed (`0578`) unless told. */
  readonly algorithmSuite?: '0478' | '0578'
  readonly frameLength?: number
}

export interface DecryptOptions {
  /** Pairs the message must carry. */
  readonly encryptionContext?: Readonly<Record<string, string>>
}

export interface Decrypted<Plaintext> {
  readonly plaintext: Plaintext
  readonly encryptionContext: Readonly<Record<string, string>>
  /** ARN of the KMS key. */
  readonly keyId: string
}

export interface BranchKey {
  readonly branchKeyId: string
  /** The active one: a UUID. */
  readonly branchKeyVersion: string
  /** ARN of the KMS key that it is under. */
  readonly keyId: string
}

/** `raw`: bare. `cms`: detached, DER. `jws`: see `JwsForm`. `pades`: in the PDF that `data` is. */
export type SignatureFormat = 'raw' | 'cms' | 'jws' | 'pades'

/**
 * `compact`, and `json` (general), hold what is signed. `detached` does not; `unencoded` neither, and signs it as it is
 * (RFC 7797).
 */
export type JwsForm = 'compact' | 'detached' | 'unencoded' | 'json'

export interface SignOptions {
  /** Which key of theirs; the person chooses unless told. */
  readonly keyId?: string
  /** `cms` unless told. */
  readonly format?: SignatureFormat
  /** Of `jws` alone; `compact` unless told. */
  readonly jws?: JwsForm
  readonly signingAlgorithm?: string
}

export interface Signed {
  /** Text for `jws`, the whole signed PDF for `pades`, else the signature's bytes. */
  readonly signature: string | Uint8Array<ArrayBuffer>
  /** ARN. */
  readonly keyId: string
  readonly signingAlgorithm: string
  /** PEM, the signer's own first; none for a key without certificate. */
  readonly certificates: readonly string[]
}

export interface VerifyOptions {
  /** The signature must be by this key, one of the site's own or granted to it. */
  readonly keyId?: string
  /** PEM or DER: the signer's own certificate, or an authority's: the signer must chain to it. */
  readonly certificate?: string | ArrayBuffer | ArrayBufferView
  readonly format?: SignatureFormat
  /** Of a bare signature, where its key leaves a choice. */
  readonly signingAlgorithm?: string
}

export interface Verified {
  /**
   * The signer is who `keyId` or `certificate` says, and nothing was left unchecked: `intact`, and for a certificate its
   * chain, time and revocation. False where neither is given: then nobody says whose signature it must be.
   */
  readonly valid: boolean
  /** Every signature holds over the data, whoever made it. */
  readonly intact: boolean
  readonly signers: readonly {
    readonly name: string
    /** As claimed, ISO 8601. */
    readonly signingTime: string | null
    readonly intact: boolean
    readonly verdict: string
  }[]
  /** What speaks against it, and what nobody looked at (docs/pages.md). */
  readonly reasons: readonly string[]
}

type Bytes = Uint8Array<ArrayBuffer>

/** Of a security module, beside KMS (docs/primitives.md). */
export type HsmOperation =
  | 'HsmEncrypt'
  | 'HsmDecrypt'
  | 'HsmWrapKey'
  | 'HsmUnwrapKey'
  | 'HsmDerive'
  | 'HsmDigest'

/** Of a request or an answer; bytes are Uint8Array. */
export type HsmMembers = Readonly<Record<string, unknown>>
type Binary = ArrayBuffer | ArrayBufferView

/** `window.keyhearth` (docs/pages.md). Rejections are Errors named as AWS's exceptions. */
export interface KeyhearthProvider extends EventTarget {
  readonly version: string
  encrypt(plaintext: string, options?: EncryptOptions): Promise<string>
  encrypt(plaintext: Blob, options?: EncryptOptions): Promise<Blob>
  encrypt(plaintext: Binary, options?: EncryptOptions): Promise<Bytes>
  decrypt(ciphertext: string, options?: DecryptOptions): Promise<Decrypted<string>>
  decrypt(ciphertext: Blob, options?: DecryptOptions): Promise<Decrypted<Blob>>
  decrypt(ciphertext: Binary, options?: DecryptOptions): Promise<Decrypted<Bytes>>
  /** The person is asked each time, and sees the document. At most 32 MiB. */
  sign(data: string | Blob | Binary, options?: SignOptions): Promise<Signed>
  /** @param signature absent for `pades`, where it is in the data */
  verify(
    data: string | Blob | Binary,
    signature?: string | Binary | null,
    options?: VerifyOptions,
  ): Promise<Verified>
  createBranchKey(options?: {
    readonly branchKeyId?: string
    readonly keyId?: string
    readonly encryptionContext?: Readonly<Record<string, string>>
  }): Promise<BranchKey>
  versionBranchKey(branchKeyId: string): Promise<BranchKey>
  listBranchKeys(): Promise<readonly BranchKey[]>
  hsm(operation: HsmOperation, request: HsmMembers): Promise<HsmMembers>
  /** For AWS's own clients: `new KMSClient({ requestHandler })`. */
  readonly requestHandler: {
    handle(request: never, options?: never): Promise<{ response: never }>
    destroy(): void
  }
  /** Gives up this page's connection. */
  disconnect(): void
}

/** Where the site is connected already: there from the page's first script. */
export function connectedKeyhearth(): KeyhearthProvider | null {
  const present: unknown = Reflect.get(globalThis, 'keyhearth')
  return present instanceof EventTarget && 'encrypt' in present
    ? (present as KeyhearthProvider)
    : null
}

/**
 * Asks the person; call it from a click or a key press. Where there is no Keyhearth, or the person says no, it
 * stays pending: nothing tells a page which it is. `signal` gives up.
 */
export function connectKeyhearth(
  rights: readonly Right[] = ['messages'],
  signal?: AbortSignal,
): Promise<KeyhearthProvider> {
  return new Promise((resolve, reject) => {
    const heard = (event: Event) => resolve((event as CustomEvent<KeyhearthProvider>).detail)
    addEventListener('keyhearth:provider', heard, { once: true })
    signal?.addEventListener('abort', () => {
      removeEventListener('keyhearth:provider', heard)
      reject(signal.reason)
    })
    dispatchEvent(new CustomEvent('keyhearth:request', { detail: { rights: [...rights] } }))
  })
}
