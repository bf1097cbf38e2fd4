// The sample pages, built as a web app is: `keyhearth/page`, and AWS's own client.

import { buildSample } from '../../scripts/sample.ts'
import { serve } from '../../scripts/serve.ts'
import { expect, test } from './keyhearth.ts'

test('a page in TypeScript uses keyhearth/page, and one AWS’s client', async ({
  keyhearth,
}, info) => {
  test.setTimeout(120_000)
  const site = await serve(await buildSample(info.outputPath('sample')))
  try {
    await keyhearth.createVault()
    const page = await keyhearth.context.newPage()
    await page.goto(`${site.origin}/helper.html`)
    const ask = () => page.getByRole('button', { name: 'Connect Keyhearth' }).click()
    await (await keyhearth.consent(ask)).getByRole('button', { name: 'Allow on this site' }).click()
    await expect(page.getByRole('status')).toContainText('Connected to Keyhearth')
    const toggle = page.getByRole('button', { name: 'Encrypt or decrypt' })
    await toggle.click()
    await expect(page.getByLabel('Entry')).toHaveValue(/BEGIN KEYHEARTH MESSAGE/)
    await page.reload()
    await expect(page.getByRole('status')).toContainText('Connected to Keyhearth')
    await page.goto(`${site.origin}/aws.html`)
    await (await keyhearth.consent(ask)).getByRole('button', { name: 'Allow on this site' }).click()
    await page.getByRole('button', { name: 'Make a key, encrypt, decrypt' }).click()
    await expect(page.getByRole('status')).toHaveText('It says: 42 bushels of oats')
  } finally {
    site.close()
  }
})
