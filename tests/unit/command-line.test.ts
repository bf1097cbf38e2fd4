// `npx keyhearth` as people run it: a process of its own, on files and pipes; both ways with AWS's library.

import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHmac, createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { buildDecrypt } from '@aws-crypto/decrypt-node'
import { buildEncrypt } from '@aws-crypto/encrypt-node'
import { CommitmentPolicy } from '@aws-crypto/material-management-node'
import { RawAesKeyringNode, RawAesWrappingSuiteIdentifier } from '@aws-crypto/raw-aes-keyring-node'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { concatBytes } from '../../src/codec/bytes.ts'
import { fileContentPair, writeFileHeader } from '../../src/codec/fileHeader.ts'
import * as sdk from '../../src/encryption-sdk/index.ts'
import type { KeySpec, KeyUsageType } from '../../src/protocol/keySpecs.ts'
import { Background, page, passphrase } from './background.ts'
import { backUp } from './backups.ts'

const program = resolve('bin/keyhearth.js')
const key = randomBytes(32)
const keyNamespace = 'keyhearth'
const keyName = 'raw'
const ours = sdk.rawAesKeyring({ keyNamespace, keyName, wrappingKey: new Uint8Array(key) })
const aws = new RawAesKeyringNode({
  keyNamespace,
  keyName,
  unencryptedMasterKey: new Uint8Array(key),
  wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
})

let folder: string
beforeAll(() => execFileSync(process.execPath, ['scripts/commandLine.ts']))
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyhearth-cli-'))
  writeFileSync(join(folder, 'key'), key)
})
const folders: string[] = []
beforeEach(() => {
  folders.push(folder)
})
afterAll(() => {
  for (const one of folders) rmSync(one, { recursive: true })
})

function keyhearth(args: readonly string[], input: Uint8Array | string = '') {
  const options = { cwd: folder, input, maxBuffer: 2 ** 28 }
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], options)
  return { status, stdout, words: stderr.toString() }
}

const withKey = ['--raw-key-file', 'key']
const put = (name: string, content: Uint8Array | string) =>
  writeFileSync(join(folder, name), content)
const get = (name: string) => readFileSync(join(folder, name))
const plaintext = randomBytes(300_000)

describe('keyhearth encrypt and decrypt', () => {
  it('go through a file of any size, readable by its owner alone', () => {
    const large = randomBytes(20 * 1024 * 1024)
    put('large', large)
    expect(keyhearth(['encrypt', 'large', ...withKey]).status).toBe(0)
    rmSync(join(folder, 'large'))
    expect(keyhearth(['decrypt', 'large.keyhearth', ...withKey]).status).toBe(0)
    expect(get('large').equals(large)).toBe(true)
    expect(statSync(join(folder, 'large')).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'large.keyhearth')).mode & 0o777).toBe(0o600)
  })

  it('go through pipes, as bytes and as text', () => {
    for (const more of [[], ['--armour'], ['--suite', '0578'], ['--suite', '0x0378']]) {
      const made = keyhearth(['encrypt', ...withKey, ...more], plaintext)
      expect(made).toMatchObject({ status: 0, words: '' })
      const read = keyhearth(['decrypt', '--allow-no-commitment', ...withKey], made.stdout)
      expect(read.stdout.equals(plaintext)).toBe(true)
    }
  })

  it.each([
    ['hex', (bytes: Buffer) => `${bytes.toString('hex')}\n`],
    ['base64', (bytes: Buffer) => bytes.toString('base64')],
  ])('take a key in %s', (_how, written) => {
    put('written', written(key))
    const made = keyhearth(['encrypt', '--raw-key-file', 'written'], 'text')
    expect(keyhearth(['decrypt', ...withKey], made.stdout).stdout.toString()).toBe('text')
  })

  it('hold the context a message must carry', () => {
    const { stdout } = keyhearth(['encrypt', ...withKey, '--context', 'a=1=2'], 'text')
    expect(keyhearth(['decrypt', ...withKey, '--context', 'a=1=2'], stdout).status).toBe(0)
    const other = keyhearth(['decrypt', ...withKey, '--context', 'a=2'], stdout)
    expect([other.status, other.stdout.toString()]).toEqual([1, ''])
  })

  it('take the name out of a message that holds a file, and nothing that leads elsewhere', async () => {
    const write = async (name: string) => {
      const content = concatBytes(writeFileHeader({ name, type: 'text/plain' }), plaintext)
      const encryptionContext = fileContentPair
      const { result } = await sdk.encrypt(ours, content, { encryptionContext })
      put('hidden.keyhearth', result)
    }
    await write('../../a/report\u202e.pdf')
    expect(keyhearth(['decrypt', 'hidden.keyhearth', ...withKey])).toMatchObject({ status: 0 })
    expect(readdirSync(folder).sort()).toEqual(['hidden.keyhearth', 'key', 'report_.pdf'])
    expect(get('report_.pdf').equals(plaintext)).toBe(true)
    await write('..')
    expect(keyhearth(['decrypt', 'hidden.keyhearth', ...withKey]).status).toBe(2)
  })
})

describe('AWS’s own library', () => {
  it('opens what the command line writes', async () => {
    const { decrypt } = buildDecrypt({
      commitmentPolicy: CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT,
      maxEncryptedDataKeys: false,
    })
    for (const suite of ['0478', '0578', '0378', '0178', '0014']) {
      const made = keyhearth(
        ['encrypt', ...withKey, '--suite', suite, '--context', 'a=b'],
        plaintext,
      )
      const read = await decrypt(aws, made.stdout)
      expect(read.plaintext.equals(plaintext)).toBe(true)
      expect(read.messageHeader.encryptionContext['a']).toBe('b')
    }
  })

  it('writes what the command line opens', async () => {
    const policy = CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT
    const { encrypt } = buildEncrypt({ commitmentPolicy: policy, maxEncryptedDataKeys: false })
    const { result } = await encrypt(aws, plaintext)
    put('of-aws', result)
    expect(keyhearth(['decrypt', 'of-aws', ...withKey, '-o', 'out'])).toMatchObject({ status: 0 })
    expect(get('out').equals(plaintext)).toBe(true)
  })
})

describe('what goes wrong', () => {
  const sealed = async (suiteId: sdk.SuiteId = 0x0578) =>
    (await sdk.encrypt(ours, plaintext, { suiteId })).result

  it('leaves no file behind: a cut message, a changed one, another key', async () => {
    put('other', randomBytes(32))
    const message = await sealed()
    put('cut', message.slice(0, -1))
    put(
      'changed',
      message.map((byte, at) => (at === message.length - 60 ? byte ^ 1 : byte)),
    )
    put('whole', message)
    for (const [input, keyFile] of [
      ['cut', 'key'],
      ['changed', 'key'],
      ['whole', 'other'],
    ] as const) {
      const { status, words } = keyhearth([
        'decrypt',
        input,
        '--raw-key-file',
        keyFile,
        '-o',
        'out',
      ])
      expect([status, words]).toEqual([1, expect.stringMatching(/^keyhearth: .+\n$/)])
    }
    expect(readdirSync(folder).sort()).toEqual(['changed', 'cut', 'key', 'other', 'whole'])
  })

  it('shows nothing of a signed message whose signature does not hold, on a pipe', async () => {
    const message = await sealed()
    message[message.length - 10] = (message.at(-10) ?? 0) ^ 1
    const read = keyhearth(['decrypt', ...withKey], message)
    expect([read.status, read.stdout.length]).toEqual([1, 0])
  })

  it('refuses messages without commitment unless told otherwise', () => {
    const { stdout } = keyhearth(['encrypt', ...withKey, '--suite', '0178'], 'text')
    expect(keyhearth(['decrypt', ...withKey], stdout).status).toBe(1)
  })

  it('writes over nothing unless told to', () => {
    put('there', 'precious')
    put('text', 'text')
    expect(keyhearth(['encrypt', 'text', '-o', 'there', ...withKey]).status).toBe(2)
    expect(get('there').toString()).toBe('precious')
    expect(keyhearth(['encrypt', 'text', '-o', 'there', ...withKey, '--force']).status).toBe(0)
    expect(get('there').toString()).not.toBe('precious')
  })

  it('is interrupted, and leaves nothing', async () => {
    const args = [program, 'encrypt', ...withKey, '-o', 'out']
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] })
    // It may be gone before it has read all.
    child.stdin.on('error', () => {})
    child.stdin.write(plaintext)
    await expect.poll(() => readdirSync(folder).length).toBe(2)
    child.kill('SIGINT')
    const code = await new Promise((resolve) => child.on('exit', resolve))
    expect([code, readdirSync(folder)]).toEqual([130, ['key']])
  })

  it.each([
    [['encrypt', 'text'], /Which key/],
    [['encrypt', 'text', '--raw-key-file', 'nowhere'], /cannot be read/],
    [['encrypt', 'text', '--raw-key-file', 'text'], /holds no key/],
    [['encrypt', 'nowhere', ...withKey], /cannot be read/],
    [['decrypt', 'text', ...withKey], /Where to|no Encryption SDK message/],
    [['decrypt', 'text', ...withKey, '-o', 'out'], /no Encryption SDK message/],
    [['encrypt', 'text', ...withKey, '--suite', '9999'], /no suite/],
    [['encrypt', 'text', ...withKey, '--context', 'a'], /KEY=VALUE/],
    [['encrypt', 'text', ...withKey, '--frame-length', '0'], /whole number/],
    [['encrypt', 'text', 'text', ...withKey], /One file/],
    [['open', 'text'], /Say encrypt, decrypt, inspect/],
    [['encrypt', '--password', 'x'], /password/],
  ])('is said in words: %j', (args, words) => {
    put('text', 'no key and no message')
    const told = keyhearth(args)
    expect(told.status).toBe(2)
    expect(told.words).toMatch(words)
    expect(existsSync(join(folder, 'out'))).toBe(false)
  })
})

describe('keyhearth inspect', () => {
  it('describes a message without a key, as bytes, as text and as JSON', () => {
    const args = ['encrypt', ...withKey, '--suite', '0578', '--context', 'purpose=test\u001b[31m']
    const { stdout } = keyhearth([...args, '--armour'], plaintext)
    const words = keyhearth(['inspect'], stdout).stdout.toString()
    expect(words).toContain('(0578)')
    expect(words).toContain('300000 bytes of plaintext')
    expect(words).toContain('purpose = test\ufffd[31m')
    expect(words).not.toContain('\u001b')
    const json = JSON.parse(keyhearth(['inspect', '--json'], stdout).stdout.toString())
    expect(json).toMatchObject({ suiteId: 0x0578, signed: true, recipients: [{ keyNamespace }] })
  })

  it('says what it is of a message that was cut', async () => {
    const { result } = await sdk.encrypt(ours, plaintext)
    const words = keyhearth(['inspect'], result.slice(0, -1)).stdout.toString()
    expect(words).toContain('cut, or its parts are not in order')
    expect(keyhearth(['inspect'], result.slice(0, 30)).status).toBe(1)
  })
})

describe('a passphrase', () => {
  it('encrypts and decrypts, and a wrong one opens nothing', () => {
    put('passphrase', 'six words that nobody would guess\n')
    put('wrong', 'another')
    const sealed = keyhearth(['encrypt', '--passphrase-file', 'passphrase', '--armour'], 'letter')
    const read = keyhearth(['decrypt', '--passphrase-file', 'passphrase'], sealed.stdout)
    expect([read.words, read.stdout.toString()]).toEqual(['', 'letter'])
    const refused = keyhearth(['decrypt', '--passphrase-file', 'wrong'], sealed.stdout)
    expect([refused.status, refused.stdout.length]).toEqual([1, 0])
    put('empty', '\n')
    expect(keyhearth(['decrypt', '--passphrase-file', 'empty'], sealed.stdout).status).toBe(2)
  })
})

describe('exported keys', () => {
  it('open what the vault encrypted, with the 24 words and nothing else', async () => {
    const vault = await Background.withVault()
    const words = (await vault.call('keyhearth:GetPendingRecoveryKey', {})).RecoveryKey ?? []
    const { Message, KeyId } = await vault.call('keyhearth:EncryptMessage', {
      Plaintext: new Uint8Array(plaintext),
    })
    await vault.call('kms:RotateKeyOnDemand', { KeyId })
    const later = await vault.call('keyhearth:EncryptMessage', { Plaintext: new Uint8Array(3) })
    const { BranchKeyId } = await vault.call('keyhearth:CreateBranchKey', {})
    const underBranch = await vault.call('keyhearth:EncryptMessage', {
      Plaintext: new Uint8Array(5),
      BranchKeyId,
    })
    await vault.call('keyhearth:VersionBranchKey', { BranchKeyId })
    expect(await vault.refusal('keyhearth:ExportKeys', { Passphrase: 'not this one' })).toBe(
      'wrong-passphrase',
    )
    const { File, Keys } = await vault.call('keyhearth:ExportKeys', { Passphrase: passphrase })
    expect(Keys).toBe(1)
    put('keys', File)
    put('words', words.map((word, at) => `${at + 1}. ${word}`).join('\n'))
    put('other-words', words.toReversed().join(' '))
    const withKeys = ['--keys', 'keys', '--recovery-key-file', 'words']
    const read = keyhearth(['decrypt', ...withKeys], Message)
    expect(read.words).toBe('')
    expect(read.stdout.equals(plaintext)).toBe(true)
    expect(keyhearth(['decrypt', ...withKeys], later.Message).stdout).toHaveLength(3)
    expect(keyhearth(['decrypt', ...withKeys], underBranch.Message).stdout).toHaveLength(5)
    const changed = Message.slice()
    changed[200] = (changed[200] ?? 0) ^ 1
    expect(keyhearth(['decrypt', ...withKeys], changed).status).toBe(1)
    const wrong = keyhearth(
      ['decrypt', '--keys', 'keys', '--recovery-key-file', 'other-words'],
      Message,
    )
    expect([wrong.status, wrong.stdout.length]).toEqual([1, 0])
    expect(keyhearth(['decrypt', '--keys', 'keys'], Message).status).toBe(2)
    expect(keyhearth(['encrypt', ...withKeys], 'text').status).not.toBe(0)
  })

  it('are for the person alone, and the trail says that they were taken', async () => {
    const vault = await Background.withVault()
    const input = { Passphrase: passphrase }
    const site = page('https://shop.example')
    expect(await vault.refusal('keyhearth:ExportKeys', input, site)).not.toBe('none')
    await vault.call('keyhearth:ExportKeys', input)
    const { Events } = await vault.call('keyhearth:ListEvents', { Limit: 10 })
    expect(JSON.stringify(Events)).toContain('ExportKeys')
    expect(JSON.stringify(Events)).not.toContain(passphrase)
  })
})

it('tells how it is used', () => {
  expect(keyhearth(['--help']).stdout.toString()).toContain('keyhearth decrypt')
  expect(keyhearth(['--version']).stdout.toString()).toMatch(/^\d+\.\d+\.\d+\n$/)
})

describe('a backup', () => {
  const made = async () => {
    const vault = await Background.withVault()
    const words = (await vault.call('keyhearth:GetPendingRecoveryKey', {})).RecoveryKey ?? []
    await vault.call('secretsmanager:CreateSecret', { Name: 'bank', SecretString: 'first' })
    await vault.call('secretsmanager:PutSecretValue', { SecretId: 'bank', SecretString: 'second' })
    put('backup', await backUp(vault))
    put('backup-words', words.join(' '))
    return vault
  }
  const withWords = ['--recovery-key-file', 'backup-words']

  it('is proven, listed and taken apart by the words', async () => {
    await made()
    const verified = keyhearth(['backup', 'verify', 'backup', ...withWords])
    expect([verified.words, verified.status]).toEqual(['', 0])
    expect(verified.stdout.toString()).toMatch(/^whole +yes$/m)
    const listed = keyhearth(['backup', 'list', 'backup', ...withWords, '--json'])
    expect(JSON.parse(listed.stdout.toString())).toMatchObject({
      isWhole: true,
      secrets: ['bank'],
    })
    const extracted = keyhearth(['backup', 'extract', 'backup', ...withWords, '-o', 'out'])
    expect([extracted.words, extracted.status]).toEqual(['', 0])
    const { secrets } = JSON.parse(get('out/vault.json').toString())
    const values = secrets[0].versions.map((one: { SecretString: string }) => one.SecretString)
    expect(values.sort()).toEqual(['first', 'second'])
    const again = keyhearth(['backup', 'extract', 'backup', ...withWords, '-o', 'out'])
    expect(again.status).toBe(2)
  })

  it('gives every kind of key, its facts and the trail, and says what it leaves out', async () => {
    const vault = await made()
    const make = async (KeySpec: KeySpec, KeyUsage: KeyUsageType) =>
      (await vault.call('kms:CreateKey', { KeySpec, KeyUsage, Description: KeySpec })).KeyMetadata
        .KeyId
    const signing = {
      RSA_2048: 'RSASSA_PKCS1_V1_5_SHA_256',
      ECC_NIST_P256: 'ECDSA_SHA_256',
      ECC_SECG_P256K1: 'ECDSA_SHA_256',
      ECC_NIST_EDWARDS25519: 'ED25519_SHA_512',
    } as const
    for (const spec of Object.keys(signing)) await make(spec as KeySpec, 'SIGN_VERIFY')
    const hmac = await make('HMAC_256', 'GENERATE_VERIFY_MAC')
    await make('ML_DSA_44', 'SIGN_VERIFY')
    await vault.call('kms:CreateAlias', { AliasName: 'alias/mac', TargetKeyId: hmac })
    await vault.call('kms:CreateGrant', {
      KeyId: hmac,
      GranteePrincipal: 'https://shop.example',
      Operations: ['GenerateMac'],
    })
    const Message = new TextEncoder().encode('said')
    const { Mac } = await vault.call('kms:GenerateMac', {
      KeyId: hmac,
      Message,
      MacAlgorithm: 'HMAC_SHA_256',
    })
    put('backup', await backUp(vault))
    const { stdout, status } = keyhearth(['backup', 'extract', 'backup', ...withWords, '-o', 'all'])
    expect(status).toBe(0)
    expect(stdout.toString()).toMatch(/^left out +slots: 1$/m)
    const all = JSON.parse(get('all/vault.json').toString())
    type Extracted = {
      keySpec: string
      publicKey: string
      versions: { format: string; material: string }[]
    }
    const keyOf = (spec: string): Extracted =>
      all.keys.find((one: Extracted & { description: string }) => one.description === spec)
    const bytesOf = (base64: string | undefined) => Buffer.from(base64 ?? '', 'base64')
    for (const [spec, SigningAlgorithm] of Object.entries(signing)) {
      const { versions, publicKey } = keyOf(spec)
      const [version] = versions
      expect(version?.format).toBe('pkcs8')
      const private8 = createPrivateKey({
        key: bytesOf(version?.material),
        format: 'der',
        type: 'pkcs8',
      })
      const made = createPublicKey(private8).export({ format: 'der', type: 'spki' })
      expect(made.equals(bytesOf(publicKey))).toBe(true)
      const digest = SigningAlgorithm === 'ED25519_SHA_512' ? null : 'sha256'
      const Signature = new Uint8Array(sign(digest, Message, private8))
      const KeyId = (keyOf(spec) as Extracted & { keyId: string }).keyId
      const said = { KeyId, Message, Signature, SigningAlgorithm }
      expect((await vault.call('kms:Verify', said)).SignatureValid).toBe(true)
    }
    const mac = keyOf('HMAC_256').versions[0]
    expect(mac?.format).toBe('raw')
    const again = createHmac('sha256', bytesOf(mac?.material)).update(Message).digest()
    expect(again.equals(Buffer.from(Mac))).toBe(true)
    expect(keyOf('ML_DSA_44').versions).toHaveLength(1)
    expect(all.aliases.map(({ alias }: { alias: string }) => alias)).toContain('alias/mac')
    expect(all.grants).toHaveLength(1)
    expect(all.settings).toMatchObject({ AutoLockMinutes: 15 })
    const lines = get('all/trail.jsonl').toString().trim().split('\n')
    const events = lines.map((line) => JSON.parse(line) as { sequence: number; eventName: string })
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, i) => i + 1))
    expect(events.map(({ eventName }) => eventName)).toContain('CreateGrant')
    expect(statSync(join(folder, 'all/trail.jsonl')).mode & 0o777).toBe(0o600)
  }, 60_000)

  it('that was changed, cut off, or is opened by other words is refused', async () => {
    await made()
    const file = get('backup')
    put('cut', file.subarray(0, file.length - 100))
    const altered = Buffer.from(file)
    altered[altered.length - 3000] = (altered[altered.length - 3000] ?? 0) ^ 1
    put('altered', altered)
    for (const name of ['cut', 'altered']) {
      expect(keyhearth(['backup', 'verify', name, ...withWords]).status).not.toBe(0)
    }
    put('backup-other', 'zoo '.repeat(24))
    const other = ['--recovery-key-file', 'backup-other']
    expect(keyhearth(['backup', 'verify', 'backup', ...other]).status).toBe(1)
    expect(keyhearth(['backup', 'verify', 'backup']).status).toBe(2)
    expect(keyhearth(['backup', 'prove', 'backup', ...withWords]).status).toBe(2)
  })
})
