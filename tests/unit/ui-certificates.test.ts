// What the screens of certificates decide before anything is made: names, addresses, validity, and what a file holds.

import { execFileSync } from 'node:child_process'
import { describe, expect, test, vi } from 'vitest'
import { chainOf, readCertificates } from '../../src/certificates/index.ts'
import { encodeUtf8 } from '../../src/codec/text.ts'
import { readBrought } from '../../src/ui/bringIn.ts'
import {
  blankSubject,
  fileNameOf,
  readAddresses,
  subjectOf,
  subjectProblem,
  validityFor,
} from '../../src/ui/certificateForm.ts'
import { readKept } from '../../src/ui/certificateList.ts'
import {
  extensionFacts,
  issuerWords,
  nameWords,
  validityOf,
} from '../../src/ui/certificateWords.ts'
import { hasTool, testFolder } from './foreignTools.ts'

/** A word is its key here: what the words are is no matter of these tests. */
vi.mock('#i18n', () => ({ i18n: { t: (key: string) => key } }))

const ada = { ...blankSubject, name: ' Ada ', country: 'de' }

test('a name is written from the country down, and what is left empty is not', () => {
  expect(subjectOf(ada)).toEqual([
    ['C', 'DE'],
    ['CN', 'Ada'],
  ])
  expect(subjectProblem(ada)).toBeNull()
  expect(subjectProblem({ ...ada, name: ' ' })).toBe('name')
  expect(subjectProblem({ ...ada, country: 'D1' })).toBe('country')
  expect(subjectProblem({ ...ada, email: 'ada@exämple.org' })).toBe('email')
})

test('addresses are told apart, and what is none is refused', () => {
  expect(
    readAddresses('ada@example.org\n\n https://ada.example/x \n*.ada.example\n10.0.0.1'),
  ).toEqual([
    { kind: 'email', text: 'ada@example.org' },
    { kind: 'uri', text: 'https://ada.example/x' },
    { kind: 'dns', text: '*.ada.example' },
    { kind: 'ip', address: Uint8Array.of(10, 0, 0, 1) },
  ])
  for (const none of ['two words', '10.0.0.256', 'ä.example', 'a..b']) {
    expect(readAddresses(none), none).toBeNull()
  }
})

test('years end on the same day, and never after the authority', () => {
  const now = Date.UTC(2027, 5, 1)
  expect(validityFor(3, now).notAfter).toBe(Date.UTC(2030, 5, 1))
  expect(validityFor(3, now, now + 1).notAfter).toBe(now + 1)
  const validity = { notBefore: now, notAfter: now + 40 * 86_400_000 }
  const at = (days: number) => validityOf(validity, now + days * 86_400_000)
  expect([at(-1), at(0), at(11), at(41)]).toEqual(['not-yet', 'valid', 'soon', 'expired'])
})

test('a file’s name has nothing of a path in it', () => {
  expect(fileNameOf('../../Käthe & Söhne', 'pem')).toBe('Käthe-Söhne.pem')
  expect(fileNameOf('///', 'pem')).toBe('certificate.pem')
})

describe.runIf(hasTool('openssl'))('with certificates of openssl', () => {
  const { path, bytes } = testFolder('ui-certificates')
  const openssl = (...args: readonly string[]) =>
    execFileSync('openssl', args, { cwd: path('.'), stdio: 'pipe' })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

  test('a chain is put in order whatever the order of the file, and leaves out strangers', async () => {
    const root = ['-keyout', 'root.key', '-out', 'root.pem', '-subj', '/CN=Root']
    openssl('req', '-x509', ...key, ...root)
    openssl('req', '-x509', ...key, '-keyout', 'x.key', '-out', 'x.pem', '-subj', '/CN=Root')
    openssl('req', ...key, '-keyout', 'leaf.key', '-out', 'leaf.csr', '-subj', '/O=Club/CN=Leaf')
    openssl(
      'x509',
      '-req',
      '-in',
      'leaf.csr',
      '-CA',
      'root.pem',
      '-CAkey',
      'root.key',
      '-out',
      'leaf.pem',
    )
    openssl(
      'crl2pkcs7',
      '-nocrl',
      '-certfile',
      'x.pem',
      '-certfile',
      'root.pem',
      '-certfile',
      'leaf.pem',
      '-out',
      'all.p7b',
    )
    const brought = await readBrought(bytes('all.p7b'), undefined, {})
    if (brought.is !== 'certificates') throw new Error(brought.is)
    const leaf = brought.certificates.find(({ subject }) => subject.text.includes('Leaf'))
    if (!leaf) throw new Error('no leaf')
    const [root1] = readCertificates(bytes('root.pem'))
    const chain = await chainOf(leaf, brought.certificates)
    expect(chain.map(({ der }) => der)).toEqual([leaf.der, root1?.der])
    expect([nameWords(leaf.subject), issuerWords(leaf)]).toEqual(['Leaf', 'Root'])
    expect(extensionFacts(chain[1] ?? leaf).find(({ critical }) => critical)?.label).toBe(
      'certificates_ext_ca',
    )
  })

  test('what is kept and cannot be read is told apart from the rest', async () => {
    const [root] = readCertificates(bytes('root.pem'))
    const entry = (id: string, der: Uint8Array<ArrayBuffer>) =>
      ({ CertificateId: id, Kind: 'trusted', Chain: [der], Name: '', AddedAt: 0 }) as const
    const kept = await readKept([
      entry('1', root?.der ?? new Uint8Array()),
      entry('2', Uint8Array.of(0x30, 0)),
    ])
    expect(kept.certificates.map((one) => one.entry.CertificateId)).toEqual(['1'])
    expect(kept.unread.map(({ CertificateId }) => CertificateId)).toEqual(['2'])
    const printed = openssl('x509', '-in', 'root.pem', '-noout', '-fingerprint', '-sha256')
    expect(printed.toString()).toContain(kept.certificates[0]?.fingerprint)
  })

  test('each kind of file is seen for what it is; a locked one opens with its password alone', async () => {
    const p12 = [
      '-inkey',
      'leaf.key',
      '-in',
      'leaf.pem',
      '-certfile',
      'root.pem',
      '-passout',
      'pass:sesame',
    ]
    openssl('pkcs12', '-export', ...p12, '-out', 'leaf.p12')
    const open = (password?: string) => readBrought(bytes('leaf.p12'), password, {})
    await expect(open()).rejects.toMatchObject({ code: 'needs-password' })
    await expect(open('simsim')).rejects.toMatchObject({ code: 'wrong-password' })
    const keys = await open('sesame')
    if (keys.is !== 'keys') throw new Error(keys.is)
    expect(keys.file.keys.map(({ keySpec }) => keySpec)).toEqual(['ECC_NIST_P256'])
    expect(keys.certificates).toHaveLength(2)
    expect((await readBrought(bytes('leaf.csr'), undefined, {})).is).toBe('request')
  })
})

test('public keys of OpenSSH and minisign are signers, with what stands beside them', async () => {
  const ssh =
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBxzsvzxzvsnVTrYVxq8pnHSqfjRfSmsBKgAbsA9xn3H ada at home\n'
  expect(await readBrought(encodeUtf8(ssh), undefined, {})).toMatchObject({
    is: 'signer',
    signer: {
      form: 'ssh',
      comment: 'ada at home',
      fingerprint: expect.stringMatching(/^SHA256:.{43}$/),
    },
  })
  await expect(readBrought(encodeUtf8('hello'), undefined, {})).rejects.toMatchObject({
    code: 'not-recognised',
  })
})
