// Design section 4: `keyhearth.sign` asks the person each time, in their own window, which shows the very bytes; what comes
// of it verifies in the page and with openssl.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import type { KeyhearthProvider, SignOptions, VerifyOptions } from '../../src/provider/page.ts'
import { makePdf, sample } from '../unit/pdfFiles.ts'
import { expectAccessible } from './accessible.ts'
import { connect, expect, type Keyhearth, test } from './keyhearth.ts'

/** What the page has, and what it keeps of its call. */
interface Signing {
  readonly keyhearth: KeyhearthProvider
  signing: Promise<{ signature: string | number[]; certificates: readonly string[] }>
}

const folder = mkdtempSync(join(tmpdir(), 'keyhearth-page-documents-'))
const contract = 'The rent is 900 a month.'

/** Asks, and leaves the page waiting. */
const ask = (page: Page, data: string | number[], options: SignOptions) =>
  page.evaluate(
    ([given, how]) => {
      const here = globalThis as unknown as Signing
      const bytes = typeof given === 'string' ? given : new Uint8Array(given)
      here.signing = here.keyhearth.sign(bytes, how).then((signed) => ({
        ...signed,
        signature: typeof signed.signature === 'string' ? signed.signature : [...signed.signature],
      }))
      here.signing.catch(() => {})
    },
    [data, options] as const,
  )

const signed = (page: Page) => page.evaluate(() => (globalThis as unknown as Signing).signing)

const verify = (
  page: Page,
  data: string | number[],
  signature: string | readonly number[] | null,
  options: VerifyOptions,
) =>
  page.evaluate(
    ([given, proof, how]) =>
      (globalThis as unknown as Signing).keyhearth.verify(
        typeof given === 'string' ? given : new Uint8Array(given),
        typeof proof === 'string' || proof === null ? proof : new Uint8Array(proof),
        how,
      ),
    [data, signature, options] as const,
  )

async function start(keyhearth: Keyhearth, origin: string): Promise<Page> {
  await keyhearth.createVault()
  return connect(keyhearth, origin, 'Allow on this site', ['messages', 'sign'])
}

async function allow(consent: Page, name?: string): Promise<void> {
  if (name !== undefined) await consent.getByLabel('Your name').fill(name)
  const closed = consent.waitForEvent('close')
  await consent.getByRole('button', { name: 'Allow once' }).click()
  await closed
}

test('a text is shown, signed as CMS, and verified by the page and by openssl', async ({
  keyhearth,
  site,
}, info) => {
  const page = await start(keyhearth, site.origin)
  const consent = await keyhearth.consent(() => ask(page, contract, { format: 'cms' }))
  await expect(consent.getByText(contract)).toBeVisible()
  await expect(consent.getByRole('button', { name: 'Deny' })).toBeFocused()
  await expectAccessible(consent)
  await consent.screenshot({ path: info.outputPath('consent-sign.png'), fullPage: true })
  await allow(consent, 'Ada Lovelace')
  const { signature, certificates } = await signed(page)
  const [certificate = ''] = certificates
  const proof = signature as number[]

  writeFileSync(join(folder, 'a.p7s'), new Uint8Array(proof))
  writeFileSync(join(folder, 'a.pem'), certificate)
  writeFileSync(join(folder, 'a.txt'), contract)
  const trust = ['-CAfile', 'a.pem', '-purpose', 'any', '-binary', '-inform', 'DER']
  const files = ['-in', 'a.p7s', '-content', 'a.txt', '-out', 'a.out']
  execFileSync('openssl', ['cms', '-verify', ...trust, ...files], { cwd: folder, stdio: 'pipe' })

  expect(await verify(page, contract, proof, { certificate })).toMatchObject({
    valid: true,
    intact: true,
    signers: [{ name: 'Ada Lovelace', intact: true, verdict: 'valid' }],
  })
  expect(await verify(page, contract, proof, {})).toMatchObject({
    valid: false,
    intact: true,
    reasons: expect.arrayContaining(['signer-not-known']),
  })
  const altered = await verify(page, contract.replace('900', '9'), proof, { certificate })
  expect(altered).toMatchObject({
    valid: false,
    intact: false,
    reasons: expect.arrayContaining(['altered']),
  })
})

test('a PDF is shown page by page and comes back signed; JWS and bare signatures, too', async ({
  keyhearth,
  site,
}) => {
  const page = await start(keyhearth, site.origin)
  const pdf = [...makePdf(sample)]
  const first = await keyhearth.consent(() => ask(page, pdf, { format: 'pades' }))
  await expect(first.getByText('Page 1 of 2')).toBeVisible()
  await allow(first, 'Ada Lovelace')
  const whole = await signed(page)
  const ada = { format: 'pades', certificate: whole.certificates[0] ?? '' } as const
  expect(await verify(page, whole.signature as number[], null, ada)).toMatchObject({
    valid: true,
    signers: [{ name: 'Ada Lovelace' }],
  })

  const second = await keyhearth.consent(() => ask(page, contract, { format: 'jws' }))
  await allow(second)
  const { signature: jws, certificates } = await signed(page)
  const [certificate = ''] = certificates
  expect(await verify(page, contract, jws, { format: 'jws', certificate })).toMatchObject({
    valid: true,
  })
  expect(await verify(page, 'something else', jws, { format: 'jws' })).toMatchObject({
    valid: false,
  })

  const apart = { format: 'jws', jws: 'unencoded' } as const
  const beside = await keyhearth.consent(() => ask(page, contract, apart))
  await expect(beside.getByText('JSON Web Signature beside the document, as it is')).toBeVisible()
  await allow(beside)
  const detached = (await signed(page)).signature
  expect(detached).toMatch(/^[\w-]+\.\.[\w-]+$/)
  expect(await verify(page, contract, detached, { format: 'jws', certificate })).toMatchObject({
    valid: true,
  })
  expect(await verify(page, 'something else', detached, { format: 'jws' })).toMatchObject({
    valid: false,
  })
  await ask(page, contract, { format: 'cms', jws: 'json' })
  await expect(signed(page)).rejects.toThrow(/with format jws/)

  const third = await keyhearth.consent(() => ask(page, contract, { format: 'raw' }))
  await expect(third.getByRole('alert')).toContainText('bare signature')
  await allow(third)
  const bare = (await signed(page)).signature
  expect(await verify(page, contract, bare, { format: 'raw', certificate })).toMatchObject({
    valid: true,
  })
})

test('a refusal is told; without the right nobody is asked; a killed worker loses nothing', async ({
  keyhearth,
  site,
  otherSite,
}) => {
  const page = await start(keyhearth, site.origin)
  const refused = await keyhearth.consent(() => ask(page, contract, {}))
  await refused.getByRole('button', { name: 'Deny' }).click()
  await expect(signed(page)).rejects.toThrow(/denied|refused|not allowed|said no/i)

  const other = await connect(keyhearth, otherSite.origin)
  await ask(other, contract, {})
  await expect(signed(other)).rejects.toThrow()

  await page.bringToFront()
  const consent = await keyhearth.consent(() => ask(page, contract, {}))
  await expect(consent.getByText(contract)).toBeVisible()
  await keyhearth.killWorker()
  await consent.reload()
  await expect(consent.getByText(contract)).toBeVisible()
  await allow(consent, 'Ada Lovelace')
  expect((await signed(page)).signature).toBeInstanceOf(Array)
})
