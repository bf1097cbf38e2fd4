// A document is signed in the manager, with a key of the vault's, a certificate made on the way and a visible mark; other
// people's programs verify it; one altered letter is told.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Download, Page } from '@playwright/test'
import { makePdf, sample } from '../unit/pdfFiles.ts'
import { expect, type Keyhearth, test } from './keyhearth.ts'

const folder = mkdtempSync(join(tmpdir(), 'keyhearth-documents-'))

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

async function saved(download: Download): Promise<string> {
  const path = join(folder, download.suggestedFilename())
  await download.saveAs(path)
  return path
}

async function documents(keyhearth: Keyhearth): Promise<Page> {
  const page = await keyhearth.open('manager.html#documents')
  await page.setViewportSize({ width: 1100, height: 900 })
  return page
}

async function give(page: Page, ...paths: string[]): Promise<void> {
  await page.getByLabel('Choose files').setInputFiles(paths)
}

async function sign(page: Page, name = 'Sign'): Promise<string> {
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name, exact: true }).click()
  return saved(await download)
}

/** How many pixels of the page shown are dark. */
const inkOf = (page: Page): Promise<number> =>
  page.getByRole('img', { name: 'Page 1' }).evaluate((canvas) => {
    const { width, height } = canvas as HTMLCanvasElement
    const context = (canvas as HTMLCanvasElement).getContext('2d')
    const data = context?.getImageData(0, 0, width, height).data ?? []
    let dark = 0
    for (let at = 0; at < data.length; at += 4) if ((data[at] ?? 255) < 100) dark++
    return dark
  })

const has = (tool: string): boolean => spawnSync(tool, ['--version']).error === undefined

test('a PDF gets a visible mark, and poppler says the signature is valid', async ({
  keyhearth,
}) => {
  await keyhearth.createVault()
  const page = await documents(keyhearth)
  await give(page, file('contract.pdf', makePdf(sample)))
  await page.getByLabel('Your name').fill('Ada Lovelace')
  const mark = page.getByRole('group', { name: 'Mark of your signature' })
  await expect(mark).toContainText('Signed by Ada Lovelace')
  await mark.press('ArrowUp')
  await expect(page.getByText('Page 1 of 2')).toBeVisible()
  await expect.poll(() => inkOf(page)).toBeGreaterThan(0)
  await page.screenshot({ path: '/tmp/shots/sign-pdf.png', fullPage: true })
  const signed = await sign(page)
  await expect(page.getByText('Saved as contract (signed).pdf')).toBeVisible()
  const bytes = readFileSync(signed)
  expect(bytes.subarray(0, makePdf(sample).byteLength)).toEqual(Buffer.from(makePdf(sample)))
  expect(bytes.toString('latin1')).toContain('ETSI.CAdES.detached')
  test.skip(!has('pdfsig'), 'pdfsig (poppler-utils) is not installed')
  expect(execFileSync('pdfsig', ['-nocert', signed]).toString()).toMatch(/Signature is Valid/)
})
