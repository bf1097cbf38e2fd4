// KeePass databases for the readers' tests, made by kdbxweb, which KeeWeb writes its own with.

import * as namespace from 'kdbxweb'
import { argon2 } from './interchangeArgon2.ts'

// In Node a CommonJS module's names stand under `default`.
export const kdbxweb = ('default' in namespace ? namespace.default : namespace) as typeof namespace

kdbxweb.CryptoEngine.setArgon2Impl(
  async (password, salt, memoryKiB, iterations, _length, parallelism, type) => {
    const key = await argon2({
      type: type === kdbxweb.CryptoEngine.Argon2TypeArgon2d ? 'argon2d' : 'argon2id',
      password: new Uint8Array(password),
      salt: new Uint8Array(salt),
      memoryKiB,
      iterations,
      parallelism,
    })
    return new Uint8Array(key).buffer
  },
)

export interface Made {
  readonly version?: 3 | 4
  readonly kdf?: 'Aes' | 'Argon2d' | 'Argon2id'
  readonly cipher?: 'Aes' | 'ChaCha20'
  readonly password?: string
  readonly keyFile?: Uint8Array
  readonly fill?: (database: namespace.Kdbx) => void | Promise<void>
}

export async function makeKdbx(made: Made): Promise<Uint8Array> {
  const { version = 4, kdf = 'Aes', cipher = 'Aes', password, keyFile, fill } = made
  const credentials = new kdbxweb.Credentials(
    password === undefined ? null : kdbxweb.ProtectedValue.fromString(password),
    // It writes over what it is given.
    keyFile?.slice() ?? null,
  )
  const database = kdbxweb.Kdbx.create(credentials, 'The database')
  database.setVersion(version)
  if (version === 4) database.setKdf(kdbxweb.Consts.KdfId[kdf])
  else database.header.keyEncryptionRounds = 5000
  // Fast, so that many can be made.
  database.header.kdfParameters?.set(
    'R',
    kdbxweb.VarDictionary.ValueType.UInt64,
    kdbxweb.Int64.from(5000),
  )
  database.header.dataCipherUuid = new kdbxweb.KdbxUuid(kdbxweb.Consts.CipherId[cipher])
  await fill?.(database)
  return new Uint8Array(await database.save())
}

export const hidden = (text: string): namespace.ProtectedValue =>
  kdbxweb.ProtectedValue.fromString(text)
