// The bench: Keyhearth's library against AWS's for browsers, age and OpenPGP.js, in a web page.

import { resolve } from 'node:path'
import { addBrowserLibrary, bundle, installBrowserLibrary } from '../../tests/e2e/awsPage.ts'
import type { Case } from './cases.ts'
import { figure } from './figures.ts'
import type { LibraryCase } from './libraryPage.ts'

const mib = 1024 * 1024

/** The suites' constants by their full names: of a wrong one the library makes its default, signed. */
const awsScript = `
  import {
    AlgorithmSuiteIdentifier, buildClient, CommitmentPolicy, RawAesKeyringWebCrypto,
    RawAesWrappingSuiteIdentifier,
  } from '@aws-crypto/client-browser'
  const { encrypt, decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
  const wrappingSuite = RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING
  const suites = [
    AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY,
    AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY_ECDSA_P384,
  ]
  if (suites.includes(undefined)) throw new Error('AWS calls its suites otherwise')
  const raw = crypto.getRandomValues(new Uint8Array(32))
  const keyring = RawAesKeyringWebCrypto.importCryptoKey(raw, wrappingSuite).then((masterKey) =>
    new RawAesKeyringWebCrypto({ keyName: 'bench', keyNamespace: 'bench', masterKey, wrappingSuite }))
  window.aws = {
    encrypt: async (plaintext, signed) =>
      (await encrypt(await keyring, plaintext, { suiteId: suites[signed ? 1 : 0] })).result,
    decrypt: async (message) => (await decrypt(await keyring, message)).plaintext,
  }
`
const names = {
  aws: 'AWS’s browser library 4.2.2',
  age: 'age-encryption',
  openpgp: 'openpgp',
} as const

const cases: readonly (Omit<LibraryCase, 'work'> & { readonly aim: string })[] = [
  { against: 'aws', bytes: 1024, signed: false, rounds: 8, aim: '≤ 0.20x' },
  { against: 'aws', bytes: 1024, signed: true, rounds: 8, aim: '≤ 0.50x' },
  { against: 'aws', bytes: 16 * mib, signed: false, rounds: 6, aim: '≤ 0.20x' },
  { against: 'aws', bytes: 16 * mib, signed: true, rounds: 6, aim: '≤ 0.20x' },
  { against: 'age', bytes: 16 * mib, signed: false, rounds: 6, aim: '≤ 1.0x' },
  { against: 'openpgp', bytes: 16 * mib, signed: false, rounds: 6, aim: '≤ 1.0x' },
]

const sizeOf = (bytes: number): string =>
  bytes < mib ? `${bytes / 1024} KiB` : `${bytes / mib} MiB`

export const otherLibraries: Case = async ({ keyhearth, site }) => {
  installBrowserLibrary()
  const page = await keyhearth.context.newPage()
  await page.goto(site.page('<title>Other libraries</title>'))
  await addBrowserLibrary(page, awsScript)
  const ours = JSON.stringify(resolve('scripts/bench/libraryPage.ts'))
  await page.addScriptTag({ content: await bundle(`import ${ours}`) })
  const figures = []
  for (const { aim, ...one } of cases) {
    for (const work of ['encrypt', 'decrypt'] as const) {
      const pairs = await page.evaluate((given) => window.measureLibrary(given), { ...one, work })
      const what = `${work} ${sizeOf(one.bytes)}, ${one.signed ? 'signed' : 'unsigned'}`
      figures.push(figure(what, names[one.against], pairs, aim))
    }
  }
  await page.close()
  return figures
}
