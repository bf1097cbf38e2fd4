// One document on its whole way, all of it on the screen: a key and a certificate are made, a PDF is signed with a mark that
// the mouse drags to its place, checked, altered by one letter, and checked again.

import { readFileSync, writeFileSync } from 'node:fs'
import type { Locator, Page } from '@playwright/test'
import { pageBoxes, readSignatures } from '../../src/pdf/index.ts'
import { shownSize } from '../../src/ui/markPlace.ts'
import { altered } from '../unit/documentsArtefacts.ts'
import { makePdf, sample } from '../unit/pdfFiles.ts'
import { expect, test } from './keyhearth.ts'

const shownWidth = 560

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

async function boxOf(shown: Locator): Promise<Box> {
  const box = await shown.boundingBox()
  if (!box) throw new Error('it is not on the screen')
  return box
}

/** By the middle, in steps, as a hand does. */
async function drag(page: Page, shown: Locator, by: readonly [number, number]): Promise<void> {
  const { x, y, width, height } = await boxOf(shown)
  const [startX, startY] = [x + width / 2, y + height / 2]
  await page.mouse.move(startX, startY)
  await page.mouse.down()
  await page.mouse.move(startX + by[0], startY + by[1], { steps: 5 })
  await page.mouse.up()
}

/** In points, from the corner at the bottom left (ISO 32000-2 section 12.5.2). */
function rectOf(pdf: Uint8Array): readonly number[] {
  const text = Buffer.from(pdf).toString('latin1')
  const rects = [...text.matchAll(/\/Rect ?\[([-\d. ]+)\]/g)]
  return (rects.at(-1)?.[1] ?? '').trim().split(/\s+/).map(Number)
}

test('key, certificate, a mark dragged to its place, checked, altered, checked again', async ({
  keyhearth,
}, info) => {
  test.setTimeout(300_000)
  await keyhearth.createVault()
  const page = await keyhearth.open('manager.html#keys')
  await page.setViewportSize({ width: 1100, height: 1400 })
  const look = (name: string) =>
    page.screenshot({ path: info.outputPath(`${name}.png`), fullPage: true })
  const go = (place: string) => page.goto(page.url().replace(/#.*/, place))

  await page.getByRole('link', { name: 'Create key' }).click()
  await page.getByRole('radio', { name: /^Sign/ }).check()
  await page.getByLabel('Alias').fill('contracts')
  await page.getByRole('button', { name: 'Create key' }).click()
  await expect(page.getByText('BEGIN PUBLIC KEY')).toBeVisible()
  await look('1-key')

  await go('#documents/certificates/new')
  await page.getByLabel('For the key').selectOption({ label: 'contracts (ECC P-256)' })
  await page.getByLabel('Name', { exact: true }).fill('Ada Lovelace')
  await page.getByRole('button', { name: 'Make the certificate' }).click()
  await expect(page.getByRole('article', { name: 'Ada Lovelace' })).toBeVisible()
  await look('2-certificate')

  await go('#documents')
  const pdf = makePdf(sample)
  const file = { name: 'contract.pdf', mimeType: 'application/pdf', buffer: Buffer.from(pdf) }
  await page.getByLabel('Choose files').setInputFiles(file)
  await page.getByLabel('Sign with').selectOption({ label: 'contracts, as Ada Lovelace' })
  await page.getByLabel('Where to sign').selectOption({ label: 'At a place of my own' })
  const mark = page.getByRole('group', { name: 'Mark of your signature' })
  const paper = page.getByRole('img', { name: 'Page 1' })
  await expect(page.getByText('Page 1 of 2')).toBeVisible()
  await expect(mark).toContainText('Signed by Ada Lovelace')
  await paper.scrollIntoViewIfNeeded()
  const before = await boxOf(mark)
  await drag(page, mark, [-90, -170])
  const after = await boxOf(mark)
  expect([after.x - before.x, after.y - before.y].map(Math.round)).toEqual([-90, -170])
  const sheet = await boxOf(paper)
  await look('3-mark')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Sign', exact: true }).click(),
  ])
  await expect(page.getByText('Saved as contract (signed).pdf')).toBeVisible()
  const signed = new Uint8Array(readFileSync(await download.path()))
  expect(readSignatures(signed)).toMatchObject([{ problems: [], name: 'Ada Lovelace' }])
  const [box] = pageBoxes(signed)
  if (!box) throw new Error('no page')
  const [width, height] = shownSize(box)
  const scale = shownWidth / width
  const [left = 0, bottom = 0, right = 0, top = 0] = rectOf(signed)
  const shown = [after.x - sheet.x, after.y - sheet.y, after.width, after.height]
  const inFile = [left, height - top, right - left, top - bottom].map((one) => one * scale)
  for (const [at, pixels] of inFile.entries()) {
    expect(Math.abs(pixels - (shown[at] ?? Number.NaN))).toBeLessThan(2)
  }

  await go('#documents/verify')
  const check = async (name: string, bytes: Uint8Array, verdict: string) => {
    const buffer = Buffer.from(bytes)
    const given = { name, mimeType: 'application/pdf', buffer }
    await page.getByLabel('Choose files').last().setInputFiles(given)
    const article = page.getByRole('article', { name, exact: true })
    await expect(article.getByRole('heading', { name: verdict, exact: true })).toBeVisible()
    return article
  }
  const good = await check('signed.pdf', signed, 'Intact, and signed by someone you trust')
  await expect(good).toContainText('Ada Lovelace')
  await look('4-verified')
  const bent = altered(signed, 'Pay 100')
  writeFileSync(info.outputPath('altered.pdf'), bent)
  const bad = await check('altered.pdf', bent, 'Altered since it was signed')
  await expect(bad.getByRole('heading', { name: /^Intact/ })).toHaveCount(0)
  await look('5-altered')
})
