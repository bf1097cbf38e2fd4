// Secrets brought over from other programs, all or none, and taken away again.

import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Page } from '@playwright/test'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { hidden, makeKdbx } from '../unit/interchangeKdbx.ts'
import { expectAccessible, expectFits } from './accessible.ts'
import { expect, type Keyhearth, operate, passphrase, test } from './keyhearth.ts'
import { giveFile, listed, openSecrets, titleLink, titles } from './secretsManager.ts'

const csv = [
  'name,url,username,password,note',
  'Bank,https://bank.example/login,ada,k8#Lq2!v,',
  'Forum,https://forum.example,lovelace,"with ""quotes"", and commas","two',
  'lines"',
  '',
].join('\n')

async function openImport(keyhearth: Keyhearth, kept: Parameters<typeof openSecrets>[1] = []) {
  const page = await openSecrets(keyhearth, kept)
  await page.getByRole('link', { name: 'Import', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Import secrets' })).toBeVisible()
  return page
}

interface Got {
  readonly Item: { readonly fields: Readonly<Record<string, string>> }
}

async function field(page: Page, title: string, name: string): Promise<string | undefined> {
  const { Items } = await listed(page, { Query: title })
  const { Item } = await operate<Got>(page, 'keyhearth:GetItem', { SecretId: Items[0]?.SecretId })
  return Item.fields[name]
}

test('a CSV file is shown before it comes in, and its report can be saved', async ({
  keyhearth,
}) => {
  const page = await openImport(keyhearth)
  await expectAccessible(page)
  await expectFits(page)
  await giveFile(page, 'Chrome Passwords.csv', csv)
  await expect(page.getByRole('list', { name: 'What comes in' })).toContainText('Login2')
  expect(await titles(page)).toEqual([])
  await expectAccessible(page)
  await expectFits(page)
  await page.getByRole('button', { name: 'Import 2 secrets' }).click()
  await expect(page.getByText('2 secrets imported.')).toBeVisible()
  await expectAccessible(page)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save report' }).click(),
  ])
  const report = readFileSync(await download.path(), 'utf8')
  expect(report).toContain('2 secrets imported.')
  expect(report).not.toContain('k8#Lq2!v')
  await page.getByRole('link', { name: 'Look at them' }).click()
  await expect(titleLink(page, 'Forum')).toBeVisible()
  expect(await field(page, 'Forum', 'password')).toBe('with "quotes", and commas')
})

test('what is there already is left out, or comes in beside it, as the person says', async ({
  keyhearth,
}) => {
  const page = await openImport(keyhearth)
  await giveFile(page, 'a.csv', csv)
  await page.getByRole('button', { name: 'Import 2 secrets' }).click()
  await page.getByRole('button', { name: 'Import another file' }).click()
  const more = `${csv}Third,https://third.example,ada,another,\n`
  await giveFile(page, 'b.csv', more)
  await expect(page.getByText('2 of them you have already.')).toBeVisible()
  await expectAccessible(page)
  await page.getByLabel('Import all; I will have both').check()
  await expect(page.getByRole('button', { name: 'Import 3 secrets' })).toBeVisible()
  await page.getByLabel('Leave out what I have already').check()
  await page.getByRole('button', { name: 'Import 1 secret' }).click()
  await expect(page.getByText('2 were left out: you have them already.')).toBeVisible()
  expect(await titles(page)).toEqual(['Bank', 'Forum', 'Third'])
})

test('what has another password in the file replaces what is there, which becomes an earlier version', async ({
  keyhearth,
}) => {
  const totp = 'JBSWY3DPEHPK3PXP'
  const fields = { username: 'ada', password: 'of before', totp }
  const bank = { title: 'Bank', fields, uris: ['https://bank.example'] }
  const page = await openImport(keyhearth, [bank])
  await giveFile(page, 'a.csv', csv)
  await expect(page.getByText('1 is here already with something else in it')).toBeVisible()
  await page.getByLabel('Replace what I have').check()
  await expect(page.getByText('becomes an earlier version')).toBeVisible()
  await expectAccessible(page)
  await expectFits(page)
  await page.getByRole('button', { name: 'Import 2 secrets' }).click()
  await expect(page.getByText('2 secrets imported.')).toBeVisible()
  await expect(page.getByText('1 of them replaced what you had')).toBeVisible()
  expect(await titles(page)).toEqual(['Bank', 'Forum'])
  expect(await field(page, 'Bank', 'password')).toBe('k8#Lq2!v')
  expect(await field(page, 'Bank', 'totp')).toBe(totp)
  const { Items } = await listed(page, { Query: 'Bank' })
  const { SecretString } = await operate<{ SecretString: string }>(
    page,
    'secretsmanager:GetSecretValue',
    { SecretId: Items[0]?.SecretId, VersionStage: 'AWSPREVIOUS' },
  )
  expect(JSON.parse(SecretString)).toMatchObject({ password: 'of before' })
})

test('what a file says more of the same login is not taken for what is there', async ({
  keyhearth,
}) => {
  const page = await openImport(keyhearth)
  await giveFile(page, 'Chrome Passwords.csv', csv)
  await page.getByRole('button', { name: 'Import 2 secrets' }).click()
  await page.getByRole('button', { name: 'Import another file' }).click()
  const totp = 'JBSWY3DPEHPK3PXP'
  const bank = {
    type: 1,
    name: 'Bank',
    notes: 'of the branch in the high street',
    login: {
      uris: [{ uri: 'https://bank.example/login' }],
      username: 'ada',
      password: 'k8#Lq2!v',
      totp,
    },
  }
  const file = JSON.stringify({ encrypted: false, folders: [], items: [bank] })
  await giveFile(page, 'bitwarden.json', file)
  await expect(page.getByText('1 is here already with something else in it')).toBeVisible()
  await page.getByLabel('Replace what I have').check()
  await page.getByRole('button', { name: 'Import 1 secret' }).click()
  await expect(page.getByText('1 secret imported.')).toBeVisible()
  expect(await titles(page)).toEqual(['Bank', 'Forum'])
  expect(await field(page, 'Bank', 'totp')).toBe(totp)
  await page.getByRole('button', { name: 'Import another file' }).click()
  await giveFile(page, 'bitwarden.json', file)
  await expect(page.getByLabel('Leave out what I have already')).toBeChecked()
  await page.getByRole('button', { name: 'Cancel' }).click()
  // The browser's CSV says nothing that is not there by now.
  await giveFile(page, 'Chrome Passwords.csv', csv)
  await expect(page.getByText('2 of them you have already.')).toBeVisible()
})

test('a file with the same attachments is there already, with another of that name it is not', async ({
  keyhearth,
}) => {
  const page = await openImport(keyhearth)
  const zip = (content: string) =>
    zipSync({
      'data.json': strToU8(
        JSON.stringify({
          encrypted: false,
          folders: [],
          items: [{ id: 'i1', type: 2, name: 'Passport', notes: 'n', secureNote: { type: 0 } }],
        }),
      ),
      attachments: { i1: { 'scan.txt': strToU8(content) } },
    })
  await giveFile(page, 'a.zip', zip('one'))
  await page.getByRole('button', { name: 'Import 1 secret' }).click()
  await expect(page.getByText('1 secret imported.')).toBeVisible()
  await page.getByRole('button', { name: 'Import another file' }).click()
  await giveFile(page, 'a.zip', zip('two'))
  await expect(page.getByText('1 is here already with something else in it')).toBeVisible()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await giveFile(page, 'a.zip', zip('one'))
  await expect(page.getByLabel('Leave out what I have already')).toBeChecked()
})

test('a KeePass database: wrong password, right password, and with a key file', async ({
  keyhearth,
}) => {
  const keyFile = new Uint8Array(32).fill(7)
  const database = await makeKdbx({
    kdf: 'Argon2id',
    password: 'of the database',
    keyFile,
    fill(made) {
      const entry = made.createEntry(made.getDefaultGroup())
      entry.fields.set('Title', 'From KeePass')
      entry.fields.set('UserName', 'ada')
      entry.fields.set('Password', hidden('kept in KeePass'))
    },
  })
  const page = await openImport(keyhearth)
  await giveFile(page, 'mine.kdbx', database)
  await page.getByLabel('Password of the file', { exact: true }).fill('not this one')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Open' }).click()
  await expect(page.getByRole('alert')).toContainText('does not open')
  await page.getByLabel('Password of the file', { exact: true }).fill('of the database')
  await page
    .getByLabel('Key file')
    .setInputFiles({ name: 'mine.key', mimeType: '', buffer: Buffer.from(keyFile) })
  await page.getByRole('button', { name: 'Open' }).click()
  await page.getByRole('button', { name: 'Import 1 secret' }).click()
  await expect(page.getByText('1 secret imported.')).toBeVisible()
  expect(await field(page, 'From KeePass', 'password')).toBe('kept in KeePass')
})

test('what is cut, damaged or nothing of the kind is refused in words', async ({ keyhearth }) => {
  const database = await makeKdbx({ password: 'secret' })
  const page = await openImport(keyhearth)
  await giveFile(page, 'cut.kdbx', database.slice(0, database.length - 200))
  await page.getByLabel('Password of the file', { exact: true }).fill('secret')
  await page.getByRole('button', { name: 'Open' }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await page.reload()
  for (const [name, content, words] of [
    ['empty.csv', '', 'This file is empty.'],
    ['cut.json', '{"items": [{"type": 1, "na', 'Export'],
    ['picture.png', '\u0089PNG\r\n', 'no export that Keyhearth knows'],
  ] as const) {
    await giveFile(page, name, content)
    await expect(page.getByRole('alert')).toContainText(words)
  }
  expect(await titles(page)).toEqual([])
})

const manyRows = (count: number): string =>
  [
    'name,url,username,password',
    ...Array.from({ length: count }, (_, at) => `Site ${at},https://s${at}.example,u${at},p${at}`),
  ].join('\n')

test('the worker dies in the middle: it begins again, and all of it comes in once', async ({
  keyhearth,
}) => {
  test.setTimeout(180_000)
  const page = await openImport(keyhearth)
  await giveFile(page, 'many.csv', manyRows(12_000))
  await page.getByRole('button', { name: 'Import 12000 secrets' }).click()
  await expect(page.getByText(/^(?!0 )\d+ of 12000$/)).toBeVisible({ timeout: 30_000 })
  await keyhearth.killWorker()
  await expect(page.getByText('12000 secrets imported.')).toBeVisible({ timeout: 90_000 })
  expect((await listed(page)).Total).toBe(12_000)
})

test('no room in the middle of it: it says so, and nothing is kept', async ({ keyhearth }) => {
  test.setTimeout(180_000)
  const page = await openImport(keyhearth)
  const session = await page.context().newCDPSession(page)
  const origin = keyhearth.url('')
  const limit = (quotaSize?: number) =>
    session.send('Storage.overrideQuotaForOrigin', {
      origin,
      ...(quotaSize === undefined ? {} : { quotaSize }),
    })
  // Room for a part of it, and for what Keyhearth leaves free.
  const { usage } = await session.send('Storage.getUsageAndQuota', { origin })
  await limit(usage + 19 * 1024 * 1024)
  await giveFile(page, 'many.csv', manyRows(12_000))
  await page.getByRole('button', { name: 'Import 12000 secrets' }).click()
  await expect(page.getByRole('alert')).toContainText('no space left', { timeout: 60_000 })
  expect((await listed(page)).Total).toBe(0)
  await limit()
  await page.getByRole('button', { name: 'Import 12000 secrets' }).click()
  await expect(page.getByText('12000 secrets imported.')).toBeVisible({ timeout: 60_000 })
  expect((await listed(page)).Total).toBe(12_000)
})

/** How many rows lie in a store of the database. */
const rowsOf = (page: Page, store: string): Promise<number> =>
  page.evaluate(
    (name) =>
      new Promise<number>((resolve) => {
        const opening = indexedDB.open('keyhearth')
        opening.onsuccess = () => {
          const counting = opening.result.transaction(name).objectStore(name).count()
          counting.onsuccess = () => {
            opening.result.close()
            resolve(counting.result)
          }
        }
      }),
    store,
  )

test('cancelled, or the page closed in the middle: nothing is kept', async ({ keyhearth }) => {
  test.setTimeout(180_000)
  const page = await openImport(keyhearth)
  const under = page.getByText(/^(?!0 )\d+ of 12000$/)
  const begin = async () => {
    await giveFile(page, 'many.csv', manyRows(12_000))
    await page.getByRole('button', { name: 'Import 12000 secrets' }).click()
    await expect(under).toBeVisible({ timeout: 30_000 })
  }
  await begin()
  expect(await rowsOf(page, 'secretVersions')).toBeGreaterThan(0)
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByText('Choose the file that another')).toBeVisible()
  expect((await listed(page)).Total).toBe(0)
  await expect.poll(() => rowsOf(page, 'secretVersions')).toBe(0)
  await begin()
  await page.close()
  const other = await keyhearth.open('manager.html#secrets')
  await expect(other.getByRole('heading', { name: 'No secrets yet' })).toBeVisible()
  await keyhearth.restart()
  const popup = await keyhearth.popup()
  await keyhearth.unlock(popup)
  expect((await listed(popup)).Total).toBe(0)
  await expect.poll(() => rowsOf(popup, 'secretVersions')).toBe(0)
})

const kept = [
  {
    title: 'Bank',
    fields: { username: 'ada', password: 'k8#Lq2!v' },
    uris: ['https://bank.example'],
    tags: ['money'],
  },
  { title: 'A note', kind: 'note', notes: 'Größe\nzwei Zeilen' },
]

async function openExport(keyhearth: Keyhearth): Promise<Page> {
  const page = await openSecrets(keyhearth, kept)
  await page.getByRole('link', { name: 'Export', exact: true }).click()
  return page
}

async function exported(page: Page) {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export', exact: true }).click(),
  ])
  return { name: download.suggestedFilename(), path: await download.path() }
}

test('an encrypted export opens with npx keyhearth decrypt, and here again', async ({
  keyhearth,
}, info) => {
  test.setTimeout(120_000)
  const page = await openExport(keyhearth)
  await expectAccessible(page)
  await expectFits(page)
  await page.getByLabel('Passphrase of the file', { exact: true }).fill('words for the file')
  await page.getByLabel('Repeat passphrase of the file').fill('words for the file')
  const ofVault = page.getByLabel('Passphrase of your vault')
  await ofVault.fill('not this one')
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  await expect(page.getByRole('alert')).toContainText('does not open')
  await ofVault.fill(passphrase)
  const { name, path } = await exported(page)
  expect(name).toMatch(/^keyhearth-\d{4}-\d\d-\d\d\.json\.keyhearth$/)
  await expect(page.getByText(/^2 secrets exported to /)).toBeVisible()
  const file = readFileSync(path)
  expect(file.subarray(0, 3).toString('hex')).toBe('020478')
  expect(file.includes('k8#Lq2!v')).toBe(false)

  const folder = info.outputPath('opened')
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/${name}`, file)
  writeFileSync(`${folder}/passphrase.txt`, 'words for the file')
  execFileSync(process.execPath, ['scripts/commandLine.ts'])
  const command = [
    resolve('bin/keyhearth.js'),
    'decrypt',
    name,
    '--passphrase-file',
    'passphrase.txt',
  ]
  execFileSync(process.execPath, command, { cwd: folder })
  const opened = JSON.parse(readFileSync(`${folder}/${name.replace('.keyhearth', '')}`, 'utf8'))
  expect(opened.items.map((item: { name: string }) => item.name).sort()).toEqual(['A note', 'Bank'])

  await page.getByRole('link', { name: 'Import', exact: true }).click()
  await giveFile(page, name, file)
  await page.getByLabel('Password of the file', { exact: true }).fill('words for the file')
  await page.getByRole('button', { name: 'Open' }).click()
  await expect(page.getByText('2 of them you have already.')).toBeVisible()
})

test('unencrypted exports say so first, and other programs’ formats hold what they can', async ({
  keyhearth,
}) => {
  const page = await openExport(keyhearth)
  await page.getByLabel('Bitwarden JSON, not encrypted').check()
  await expect(page.getByText('This file is not encrypted.')).toBeVisible()
  await expectAccessible(page)
  await page.getByLabel('Passphrase of your vault').fill(passphrase)
  const json = await exported(page)
  const { encrypted, items } = JSON.parse(readFileSync(json.path, 'utf8'))
  expect(encrypted).toBe(false)
  expect(items).toHaveLength(2)
  await page.getByLabel('CSV, not encrypted').check()
  await page.getByLabel('Passphrase of your vault').fill(passphrase)
  const table = await exported(page)
  expect(table.name).toMatch(/\.csv$/)
  expect(readFileSync(table.path, 'utf8')).toContain('k8#Lq2!v')
})

const bytesOf = (path: string) => new Uint8Array(readFileSync(path))

const scan = Uint8Array.from({ length: 3_000_000 }, (_, at) => (at * 31) % 251)
/** As Bitwarden writes it. */
const withFiles = zipSync(
  {
    'data.json': strToU8(
      JSON.stringify({
        encrypted: false,
        folders: [],
        items: [
          {
            id: 'i1',
            type: 1,
            name: 'Passport',
            reprompt: 1,
            login: { username: 'ada', password: 'p' },
          },
        ],
      }),
    ),
    attachments: { i1: { 'scan.bin': scan, 'Größe.txt': strToU8('zwei') } },
  },
  { level: 0 },
)

interface Listing {
  readonly Items: readonly { readonly SecretId: string; readonly AskAgain: boolean }[]
}

/** The files of the ZIP by their names alone. */
function filesIn(zip: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const paths = Object.entries(unzipSync(zip)).filter(([path]) => path.startsWith('attachments/'))
  return new Map(paths.map(([path, content]) => [path.split('/').at(-1) ?? '', content]))
}

test('attached files go along in a ZIP, and inside the encrypted file, and come back', async ({
  keyhearth,
}, info) => {
  test.setTimeout(240_000)
  const page = await openImport(keyhearth)
  await giveFile(page, 'bitwarden.zip', withFiles)
  await page.getByRole('button', { name: 'Import 1 secret' }).click()
  await expect(page.getByText('1 secret imported.')).toBeVisible()

  await page.getByRole('link', { name: 'Export', exact: true }).click()
  await page.getByLabel('Bitwarden ZIP, not encrypted').check()
  await expect(page.getByText('This file is not encrypted.')).toBeVisible()
  await expectAccessible(page)
  await expectFits(page)
  await page.getByLabel('Passphrase of your vault').fill(passphrase)
  const plain = await exported(page)
  expect(plain.name).toMatch(/^keyhearth-\d{4}-\d\d-\d\d\.zip$/)
  await expect(page.getByText('2 attached files are in it.')).toBeVisible()
  const zip = bytesOf(plain.path)
  const data = JSON.parse(strFromU8(unzipSync(zip)['data.json'] ?? new Uint8Array()))
  expect(data.items).toMatchObject([{ name: 'Passport', reprompt: 1 }])
  expect(unzipSync(zip)[`attachments/${data.items[0].id}/scan.bin`]).toEqual(scan)
  expect(filesIn(zip).get('Größe.txt')).toEqual(strToU8('zwei'))

  await page.getByLabel('Encrypted file').check()
  await page.getByLabel('Passphrase of the file', { exact: true }).fill('words for the file')
  await page.getByLabel('Repeat passphrase of the file').fill('words for the file')
  await page.getByLabel('Passphrase of your vault').fill(passphrase)
  const sealed = await exported(page)
  expect(sealed.name).toMatch(/\.zip\.keyhearth$/)
  const folder = info.outputPath('opened')
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${folder}/${sealed.name}`, readFileSync(sealed.path))
  writeFileSync(`${folder}/passphrase.txt`, 'words for the file')
  execFileSync(process.execPath, ['scripts/commandLine.ts'])
  execFileSync(
    process.execPath,
    [resolve('bin/keyhearth.js'), 'decrypt', sealed.name, '--passphrase-file', 'passphrase.txt'],
    { cwd: folder },
  )
  const opened = bytesOf(`${folder}/${sealed.name.replace('.keyhearth', '')}`)
  expect(filesIn(opened).get('scan.bin')).toEqual(scan)

  await page.getByRole('link', { name: 'Import', exact: true }).click()
  await page.getByRole('button', { name: 'Import another file' }).click()
  await giveFile(page, sealed.name, readFileSync(sealed.path))
  await page.getByLabel('Password of the file', { exact: true }).fill('words for the file')
  await page.getByRole('button', { name: 'Open' }).click()
  // It asks for the passphrase, so its files were not opened to be compared.
  await expect(page.getByText('1 is here already with something else in it')).toBeVisible()
  await page.getByRole('button', { name: 'Import 1 secret' }).click()
  await expect(page.getByText('1 secret imported.')).toBeVisible()
  const { Items } = await operate<Listing>(page, 'keyhearth:ListItems', {})
  expect(Items.map(({ AskAgain }) => AskAgain)).toEqual([true, true])
  for (const { SecretId } of Items) {
    const got = await operate<{ Item: { files: readonly { name: string; size: number }[] } }>(
      page,
      'keyhearth:GetItem',
      { SecretId, Proof: { Passphrase: passphrase } },
    )
    expect(got.Item.files.map(({ name, size }) => [name, size])).toEqual(
      expect.arrayContaining([
        ['scan.bin', scan.byteLength],
        ['Größe.txt', 4],
      ]),
    )
  }
})
