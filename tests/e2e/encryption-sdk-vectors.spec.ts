// AWS's test messages in a worker of a real Chromium, whose WebCrypto is another than Node's: no AES-192,
// for one. Node only unwraps the data keys.

import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, expect, test } from '@playwright/test'
import { build } from 'vite'
import { findChromium } from '../../scripts/browser.ts'
import { serve } from '../../scripts/serve.ts'
import { encodeBase64, encodeHex, encodeUtf8 } from '../../src/codec/text.ts'
import { parseHeader } from '../../src/encryption-sdk/header.ts'
import { readCommitmentVectors } from '../vectors/commitmentVectors.ts'
import {
  readNetMessages,
  readOldMessages,
  type TestMessage,
} from '../vectors/encryptionSdkMessages.ts'
import { vectorsFolder } from '../vectors/folder.ts'
import type { Answer, Question } from './vectorsWorker.ts'

const collections = 'encryption-sdk'
const there = existsSync(join(vectorsFolder, collections))
test.skip(!there, `${collections} is not in ${vectorsFolder}; KEYHEARTH_VECTORS names the folder`)

async function question({ message, encryptionContext, cmm }: TestMessage): Promise<Question> {
  const { header, suite } = parseHeader(message, 0xffff)
  const { plaintextDataKey } = await cmm.decryptMaterials({
    suite,
    encryptionContext: header.encryptionContext,
    reproducedEncryptionContext: encryptionContext,
    encryptedDataKeys: header.encryptedDataKeys,
  })
  return {
    message: encodeBase64(message),
    dataKey: encodeBase64(plaintextDataKey ?? new Uint8Array(0)),
    encryptionContext: { ...encryptionContext },
  }
}

async function answers(questions: readonly Question[]): Promise<Answer[]> {
  const folder = mkdtempSync(join(tmpdir(), 'keyhearth-vectors-'))
  const lib = { entry: 'tests/e2e/vectorsWorker.ts', formats: ['es'] as ['es'], fileName: 'worker' }
  await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      outDir: folder,
      emptyOutDir: true,
      lib,
      rolldownOptions: { output: { entryFileNames: 'worker.js' } },
    },
  })
  const site = await serve(folder)
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath: findChromium(), args })
  try {
    const page = await browser.newPage()
    await page.goto(site.page('<title>vectors</title>'))
    return await page.evaluate(
      (data) =>
        new Promise<Answer[]>((resolve, reject) => {
          const worker = new Worker('/worker.js', { type: 'module' })
          worker.onmessage = (event) => resolve(event.data)
          worker.onerror = ({ message }) => reject(new Error(message))
          worker.postMessage(data)
        }),
      questions,
    )
  } finally {
    await browser.close()
    site.close()
    rmSync(folder, { recursive: true })
  }
}

test('every message of AWS that opens in Node opens in Chromium, and no other', async () => {
  test.setTimeout(180_000)
  const good = [
    ...readNetMessages(`${collections}/v4-Net-4.0.1`),
    ...readOldMessages(`${collections}/v1`),
  ]
  const bad = readNetMessages(`${collections}/invalid-Net-4.0.0`)
  expect([good.length, bad.length]).toEqual([289, 14])
  const read = await answers(await Promise.all([...good, ...bad].map(question)))
  for (const [i, { name, plaintext }] of good.entries()) {
    const expected = encodeHex(plaintext)
    expect(read[i], name).toEqual({ whole: expected, streamed: expected })
  }
  for (const [i, { name }] of bad.entries()) {
    const refused = { whole: 'authentication', streamed: 'authentication' }
    expect(read[good.length + i], name).toEqual(refused)
  }
})

test('the key-commitment vectors open in Chromium, and those of another key do not', async () => {
  const { good, bad } = readCommitmentVectors()
  expect([good.length, bad.length]).toEqual([41, 5])
  const given = [...good, ...bad].map((vector) => ({
    message: vector.ciphertext,
    dataKey: vector['decrypted-dek'],
    encryptionContext: {},
  }))
  const read = await answers(given)
  for (const [i, vector] of good.entries()) {
    const expected = encodeHex(encodeUtf8(vector['plaintext-frames'].join('')))
    expect(read[i], vector.comment).toEqual({ whole: expected, streamed: expected })
  }
  for (const [i, { comment }] of bad.entries()) {
    const refused = { whole: 'commitment', streamed: 'commitment' }
    expect(read[good.length + i], comment).toEqual(refused)
  }
})
