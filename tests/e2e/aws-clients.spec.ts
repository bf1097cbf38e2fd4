// Design section 4: AWS's own clients, unmodified, in a page, with `keyhearth.requestHandler`.

import type { Page } from '@playwright/test'
import { openWithClient } from './awsPage.ts'
import { expect, type Keyhearth, passphrase, test } from './keyhearth.ts'

async function lock(popup: Page): Promise<void> {
  await popup.bringToFront()
  await popup.getByRole('button', { name: 'Lock' }).click()
  await expect(popup.getByRole('button', { name: 'Unlock' })).toBeVisible()
}

const consents = (keyhearth: Keyhearth) =>
  keyhearth.context.pages().filter((page) => page.url().includes('consent.html'))

test('a key is made, described, listed, and encrypts and decrypts', async ({ keyhearth, site }) => {
  await keyhearth.createVault()
  const page = await openWithClient(keyhearth, site.origin)
  const seen = await page.evaluate(async () => {
    const client = window.newClient()
    const { KeyMetadata } = await client.createKey({ Description: 'of the page' })
    const KeyId = KeyMetadata?.KeyId ?? ''
    const EncryptionContext = { to: 'Ada', Plaintext: 'AAEC', ü: '🔥' }
    const same: boolean[] = []
    for (const length of [1, 16, 4096]) {
      const Plaintext = crypto.getRandomValues(new Uint8Array(length))
      const { CiphertextBlob } = await client.encrypt({ KeyId, Plaintext, EncryptionContext })
      const opened = await client.decrypt({ CiphertextBlob, EncryptionContext })
      same.push(String(opened.Plaintext) === String(Plaintext))
    }
    const dataKey = await client.generateDataKey({ KeyId, KeySpec: 'AES_256' })
    const { CiphertextBlob } = dataKey
    const opened = await client.decrypt({ CiphertextBlob })
    const { Keys } = await client.listKeys({})
    return {
      arn: KeyMetadata?.Arn ?? '',
      date: KeyMetadata?.CreationDate instanceof Date && KeyMetadata.CreationDate.getTime(),
      description: (await client.describeKey({ KeyId })).KeyMetadata?.Description,
      listed: Keys?.some((one) => one.KeyId === KeyId),
      same,
      dataKey: [dataKey.Plaintext?.length, String(opened.Plaintext) === String(dataKey.Plaintext)],
      requestId: dataKey.$metadata.requestId,
    }
  })
  expect(seen.arn).toMatch(/^arn:aws:kms:browser-1:\d{12}:key\/[\da-f-]{36}$/)
  expect(Math.abs(Number(seen.date) - Date.now())).toBeLessThan(60_000)
  expect(seen).toMatchObject({
    description: 'of the page',
    listed: true,
    same: [true, true, true],
    dataKey: [32, true],
  })
  expect(seen.requestId).toMatch(/^[\da-f-]{36}$/)
})
