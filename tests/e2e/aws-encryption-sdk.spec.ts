// AWS's Encryption SDK over Keyhearth's keys: its library for browsers in a page, its library for Node through
// one. What either makes, the other and Keyhearth open.

import { buildDecrypt } from '@aws-crypto/decrypt-node'
import { buildEncrypt } from '@aws-crypto/encrypt-node'
import { type AwsEsdkKMSInterface, KmsKeyringClass } from '@aws-crypto/kms-keyring'
import {
  CommitmentPolicy,
  immutableClass,
  KeyringNode,
  type Newable,
  type NodeAlgorithmSuite,
} from '@aws-crypto/material-management-node'
import { KMS } from '@aws-sdk/client-kms'
import type { Page } from '@playwright/test'
import { addBrowserLibrary, installBrowserLibrary } from './awsPage.ts'
import { connect, expect, type Keyhearth, test } from './keyhearth.ts'

// In one process, which installs once.
test.describe.configure({ mode: 'default' })
test.beforeAll('their packages are there', () => {
  test.setTimeout(300_000)
  installBrowserLibrary()
})

interface Sealed {
  readonly message: number[]
  readonly keyArn: string
}
interface Opened {
  readonly text: string
  readonly context: Record<string, string>
}

declare global {
  interface Window {
    makeKey(): Promise<string>
    sealWithLibrary(keyArn: string, text: string): Promise<number[]>
    openWithLibrary(keyArn: string, message: number[]): Promise<Opened>
  }
}

/** The page's own script: the library as its makers show it, but for the client. */
const pageScript = `
  import { buildClient, CommitmentPolicy, KMS, KmsKeyringBrowser } from '@aws-crypto/client-browser'
  const { encrypt, decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
  const client = new KMS({
    region: 'browser-1',
    credentials: { accessKeyId: 'keyhearth', secretAccessKey: 'keyhearth' },
    requestHandler: window.keyhearth.requestHandler,
  })
  const clientProvider = () => client
  window.makeKey = async () => (await client.createKey({})).KeyMetadata.Arn
  window.sealWithLibrary = async (generatorKeyId, text) => {
    const keyring = new KmsKeyringBrowser({ clientProvider, generatorKeyId })
    const encryptionContext = { purpose: 'test', Zone: 'ü' }
    const { result } = await encrypt(keyring, new TextEncoder().encode(text), { encryptionContext })
    return [...result]
  }
  window.openWithLibrary = async (keyArn, message) => {
    const keyring = new KmsKeyringBrowser({ clientProvider, keyIds: [keyArn] })
    const { plaintext, messageHeader } = await decrypt(keyring, new Uint8Array(message))
    return { text: new TextDecoder().decode(plaintext), context: { ...messageHeader.encryptionContext } }
  }
`

async function openPage(keyhearth: Keyhearth, url: string): Promise<Page> {
  await keyhearth.createVault()
  return connect(keyhearth, url, 'Allow on this site', ['messages', 'keys'])
}

async function openWithLibrary(keyhearth: Keyhearth, url: string): Promise<Page> {
  const page = await openPage(keyhearth, url)
  await addBrowserLibrary(page, pageScript)
  return page
}

/** As much as getRandomValues gives at once; sixteen frames. */
const text = 'said in the browser '.repeat(4000).slice(0, 65_536)

test('AWS’s library for browsers encrypts and decrypts in a page', async ({ keyhearth, site }) => {
  const page = await openWithLibrary(keyhearth, site.origin)
  const sealed = await page.evaluate(async (plaintext): Promise<Sealed> => {
    const keyArn = await window.makeKey()
    return { keyArn, message: await window.sealWithLibrary(keyArn, plaintext) }
  }, text)
  const opened = await page.evaluate(
    ({ keyArn, message }) => window.openWithLibrary(keyArn, message),
    sealed,
  )
  expect(opened.text).toBe(text)
  expect(opened.context).toMatchObject({ purpose: 'test', Zone: 'ü' })
})

test('what it made opens in Keyhearth, and what Keyhearth made opens in it', async ({
  keyhearth,
  site,
}) => {
  const page = await openWithLibrary(keyhearth, site.origin)
  const seen = await page.evaluate(async (plaintext) => {
    const keyId = await window.makeKey()
    const theirs = await window.sealWithLibrary(keyId, plaintext)
    const inKeyhearth = await window.keyhearth.decrypt(new Uint8Array(theirs))
    const bytes = new TextEncoder().encode(plaintext)
    const ours = []
    for (const algorithmSuite of ['0578', '0478']) {
      const sealed = await window.keyhearth.encrypt(bytes, { keyId, algorithmSuite })
      ours.push(await window.openWithLibrary(keyId, [...sealed]))
    }
    return {
      theirs: new TextDecoder().decode(inKeyhearth.plaintext),
      keyId: inKeyhearth.keyId,
      keyArn: keyId,
      ours,
    }
  }, text)
  expect(seen.theirs).toBe(text)
  expect(seen.keyId).toBe(seen.keyArn)
  for (const opened of seen.ours) {
    expect(opened.text).toBe(text)
    expect(opened.context['keyhearth:origin']).toBe(site.origin)
  }
})

/** As their `kms-keyring-node` makes it, without the network clients which that brings. */
class TheirKmsKeyring extends KmsKeyringClass<NodeAlgorithmSuite, AwsEsdkKMSInterface>(
  KeyringNode as Newable<KeyringNode>,
) {}
immutableClass(TheirKmsKeyring)

/** The client in this process; its requests are carried into the page as they are. */
function clientThrough(page: Page): KMS {
  const handle = async (request: { headers: Record<string, string>; body: Uint8Array }) => {
    const sent = { headers: request.headers, body: [...request.body] }
    const { body, ...response } = await page.evaluate(async ({ headers, body: bytes }) => {
      const { handle: inPage } = window.keyhearth.requestHandler
      const answer = await inPage({ headers, body: new Uint8Array(bytes) })
      return { ...answer.response, body: [...answer.response.body] as number[] }
    }, sent)
    return { response: { ...response, body: Uint8Array.from(body) } }
  }
  return new KMS({
    region: 'browser-1',
    credentials: { accessKeyId: 'keyhearth', secretAccessKey: 'keyhearth' },
    requestHandler: { handle } as never,
  })
}

test('AWS’s library for Node, through the page', async ({ keyhearth, site }) => {
  const page = await openPage(keyhearth, site.origin)
  const client = clientThrough(page)
  const [first, second] = [await client.createKey({}), await client.createKey({})].map(
    ({ KeyMetadata }) => KeyMetadata?.Arn ?? '',
  )
  // Theirs is typed after the client of its own tree.
  const clientProvider = () => client as unknown as AwsEsdkKMSInterface
  const { encrypt } = buildEncrypt(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
  const { decrypt } = buildDecrypt(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
  const both = new TheirKmsKeyring({
    clientProvider,
    generatorKeyId: first ?? '',
    keyIds: [second ?? ''],
  })
  const { result } = await encrypt(both, text, { encryptionContext: { purpose: 'test' } })
  for (const key of [first, second]) {
    const keyring = new TheirKmsKeyring({ clientProvider, keyIds: [key ?? ''] })
    const { plaintext, messageHeader } = await decrypt(keyring, result)
    expect(plaintext.toString()).toBe(text)
    expect(messageHeader.encryptionContext['purpose']).toBe('test')
  }
  const inKeyhearth = await page.evaluate(
    async (bytes) =>
      new TextDecoder().decode((await window.keyhearth.decrypt(new Uint8Array(bytes))).plaintext),
    [...result],
  )
  expect(inKeyhearth).toBe(text)
})
