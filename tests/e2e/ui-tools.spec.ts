// The manager's section Tools: a file is the one that was promised or another; random bytes; and all of it in both colour
// schemes and at any width.

import { createHash, createHmac } from 'node:crypto'
import { expectAccessible, expectFits } from './accessible.ts'
import { expect, test } from './keyhearth.ts'

const content = Buffer.alloc(3_000_000, 'a page of a report\n')
const file = { name: 'report.txt', mimeType: 'text/plain', buffer: content }
const digest = (name: string) => createHash(name).update(content).digest('hex')

test('a file has the hash it should have, or another', async ({ keyhearth }) => {
  await keyhearth.createVault()
  const manager = await keyhearth.open('manager.html#tools')
  const tool = manager.getByRole('region', { name: 'Check a file' })
  const wanted = tool.getByLabel('Hash it should have')
  await wanted.fill(digest('sha256'))
  await tool.locator('input[type=file]').setInputFiles(file)
  await expect(tool.getByLabel('Hash of the file')).toHaveText(digest('sha256'))
  await expect(tool.locator('div[role=status]')).toContainText('Same')
  await wanted.fill(digest('sha256').replace(/^./, (digit) => (digit === '0' ? '1' : '0')))
  await expect(tool.locator('div[role=status]')).toContainText('Different')
  await tool.getByLabel('Hash', { exact: true }).selectOption('SHA3-512')
  await expect(tool.getByLabel('Hash of the file')).toHaveText(digest('sha3-512'))
  await expect(tool.locator('div[role=status]')).toContainText('another length')
  await wanted.fill(`${digest('sha3-512').toUpperCase()}  report.txt`)
  await expect(tool.locator('div[role=status]')).toContainText('Same')
})

test('a file has the check code that its secret gives', async ({ keyhearth }) => {
  await keyhearth.createVault()
  const manager = await keyhearth.open('manager.html#tools')
  const tool = manager.getByRole('region', { name: 'Check code of a file' })
  const choose = tool.locator('input[type=file]')
  await choose.setInputFiles(file)
  await expect(tool.getByRole('alert')).toContainText('Type the secret key first')
  await tool.getByLabel('Secret key').fill('00112233445566778899aabbccddeeff')
  await choose.setInputFiles(file)
  const key = Buffer.from('00112233445566778899aabbccddeeff', 'hex')
  const code = createHmac('sha256', key).update(content).digest('hex')
  await expect(tool.getByLabel('Check code of the file')).toHaveText(code)
})

test('random bytes are of the length and form that was asked for', async ({ keyhearth }) => {
  await keyhearth.createVault()
  const manager = await keyhearth.open('manager.html#tools')
  const make = manager.getByRole('button', { name: 'Make random bytes' })
  const made = manager.getByLabel('Random bytes made')
  await manager.getByLabel('How many bytes').fill('16')
  await make.click()
  await expect(made).toHaveText(/^[0-9a-f]{32}$/)
  const first = await made.textContent()
  await make.click()
  await expect(made).not.toHaveText(first ?? '')
  await manager.getByLabel('Written as').selectOption('Base64')
  await expect(made).toHaveText(/^[A-Za-z0-9+/]{22}==$/)
})

test('the tools are for all', async ({ keyhearth }) => {
  await keyhearth.createVault()
  const manager = await keyhearth.open('manager.html#tools')
  const tool = manager.getByRole('region', { name: 'Check a file' })
  await tool.getByLabel('Hash it should have').fill(digest('sha256'))
  await tool.locator('input[type=file]').setInputFiles(file)
  await expect(tool.locator('div[role=status]')).toContainText('Same')
  await manager.getByRole('button', { name: 'Make random bytes' }).click()
  await expectAccessible(manager)
  await expectFits(manager)
})
