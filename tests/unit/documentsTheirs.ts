// What programs of others sign and encrypt, for Keyhearth to check and open: each makes the forms it knows, with one key
// and certificate of OpenSSL's, or with a key of its own kind.

import { join, resolve } from 'node:path'
import { vectorsFolder } from '../vectors/folder.ts'
import { jars } from './documentsPrograms.ts'
import { run, type testFolder } from './foreignTools.ts'

export const theirForms = [
  'certificate, self-signed',
  'request (PKCS #10)',
  'revocation list',
  'CMS detached',
  'CMS attached',
  'text, clear-signed',
  'encrypted to RSA',
  'encrypted to RSA by OAEP',
  'encrypted to a NIST curve',
  'encrypted by AES-GCM',
  'PDF',
  'JWS, compact',
  'SSHSIG',
  'minisign',
] as const
export type TheirForm = (typeof theirForms)[number]

/** Paths. */
export interface Theirs {
  readonly file: string
  /** It is kept apart from what it signs. */
  readonly isApart?: boolean
  /** The public key, or of a list the issuer's certificate. */
  readonly key?: string
}

export interface TheirProgram {
  readonly name: string
  /** All must be there. */
  readonly tools: readonly string[]
  make(): Partial<Record<TheirForm, Theirs>>
}

export type Folder = ReturnType<typeof testFolder>

export const theirContent = 'what I say\r\n'
const subject = '/CN=Carol/emailAddress=carol@hearth.example'

/** @throws Error with what it said, where it does not end well */
function must(tool: string, args: readonly string[], input?: string): void {
  const { status, text } = run(tool, args, input)
  if (status !== 0) throw new Error(`${tool} ${args.join(' ')}: ${text}`)
}

/** Carol, whose key all of them use that can, and Dora, to whom some encrypt: hers is of a curve. */
export function makePeople({ path, write }: Folder): void {
  write('content', theirContent)
  const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', path('carol.key')]
  const usage = [
    '-addext',
    'keyUsage=digitalSignature,nonRepudiation,keyEncipherment',
    '-days',
    '2',
  ]
  must('openssl', ['req', '-x509', ...key, '-out', path('carol.pem'), '-subj', subject, ...usage])
  // As older programs read it, too.
  const old = ['-certpbe', 'PBE-SHA1-3DES', '-keypbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']
  const pair = ['-inkey', path('carol.key'), '-in', path('carol.pem'), '-name', 'Carol']
  must('openssl', ['pkcs12', '-export', ...pair, ...old, '-passout', 'pass:x', '-out', path('p12')])
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const files = ['-keyout', path('dora.key'), '-out', path('dora.pem')]
  const agrees = ['-addext', 'keyUsage=keyAgreement', '-days', '2']
  must('openssl', ['req', '-x509', ...curve, ...files, '-subj', '/CN=Dora', ...agrees])
}

const openssl = ({ path, write }: Folder): TheirProgram => ({
  name: 'OpenSSL',
  tools: ['openssl'],
  make() {
    const by = ['-signer', path('carol.pem'), '-inkey', path('carol.key')]
    const cms = ['cms', '-sign', '-binary', '-outform', 'DER', ...by, '-in', path('content')]
    must('openssl', [...cms, '-out', path('o.p7s')])
    must('openssl', [...cms, '-nodetach', '-out', path('o.p7m')])
    const letter = ['smime', '-sign', '-text', '-md', 'sha256', ...by, '-in', path('content')]
    must('openssl', [...letter, '-out', path('o.eml')])
    const encrypt = (name: string, to: string, ...how: readonly string[]) => {
      const files = ['-in', path('content'), '-outform', 'DER', '-out', path(name)]
      must('openssl', ['cms', '-encrypt', '-binary', ...files, '-recip', path(to), ...how])
    }
    encrypt('o.rsa', 'carol.pem')
    encrypt('o.oaep', 'carol.pem', '-aes256', '-keyopt', 'rsa_padding_mode:oaep')
    encrypt('o.ec', 'dora.pem', '-aes256')
    encrypt('o.gcm', 'carol.pem', '-aes-256-gcm')
    const key = ['-key', path('carol.key'), '-subj', '/CN=Carol']
    must('openssl', ['req', '-new', ...key, '-out', path('o.csr')])
    write('index.txt', '')
    const config = `[ca]\ndefault_ca=a\n[a]\ndatabase=${path('index.txt')}\ndefault_md=sha256\ndefault_crl_days=2\n`
    const ca = ['-config', write('ca.cnf', config), '-keyfile', path('carol.key')]
    must('openssl', ['ca', '-gencrl', ...ca, '-cert', path('carol.pem'), '-out', path('o.crl')])
    return {
      'certificate, self-signed': { file: path('carol.pem') },
      'request (PKCS #10)': { file: path('o.csr') },
      'revocation list': { file: path('o.crl'), key: path('carol.pem') },
      'CMS detached': { file: path('o.p7s'), isApart: true },
      'CMS attached': { file: path('o.p7m') },
      'text, clear-signed': { file: path('o.eml') },
      'encrypted to RSA': { file: path('o.rsa') },
      'encrypted to RSA by OAEP': { file: path('o.oaep') },
      'encrypted to a NIST curve': { file: path('o.ec') },
      'encrypted by AES-GCM': { file: path('o.gcm') },
    }
  },
})

const gpgsm = ({ path, write }: Folder): TheirProgram => ({
  name: 'gpgsm',
  tools: ['gpgsm'],
  make() {
    write('gpg-agent.conf', 'allow-loopback-pinentry\n')
    const home = ['--homedir', path('.'), '--batch', '--disable-dirmngr', '--disable-crl-checks']
    const asking = [...home, '--yes', '--pinentry-mode', 'loopback', '--passphrase-fd', '0']
    must('gpgsm', [...asking, '--import', path('p12')], 'x\n')
    const listed = run('gpgsm', [...home, '--with-colons', '--list-keys']).text
    const print = /^fpr:+([0-9A-F]{40}):/m.exec(listed)?.[1] ?? ''
    write('trustlist.txt', `${print} S relax\n`)
    const stop = () => run('gpgconf', ['--homedir', path('.'), '--kill', 'gpg-agent'])
    stop()
    for (const [how, out] of [
      ['--detach-sign', 'g.p7s'],
      ['--sign', 'g.p7m'],
    ] as const) {
      const files = ['-o', path(out), path('content')]
      must('gpgsm', [...asking, '-u', 'carol@hearth.example', how, ...files], 'x\n')
    }
    const to = ['-o', path('g.rsa'), '-r', 'carol@hearth.example', '--encrypt', path('content')]
    must('gpgsm', [...asking, ...to], 'x\n')
    stop()
    return {
      'CMS detached': { file: path('g.p7s'), isApart: true },
      'CMS attached': { file: path('g.p7m') },
      'encrypted to RSA': { file: path('g.rsa') },
    }
  },
})

const certtool = ({ path, write }: Folder): TheirProgram => ({
  name: 'GnuTLS certtool',
  tools: ['certtool'],
  make() {
    const key = ['--load-privkey', path('carol.key')]
    const by = ['--load-certificate', path('carol.pem'), ...key, '--infile', path('content')]
    must('certtool', ['--p7-detached-sign', '--outder', ...by, '--outfile', path('t.p7s')])
    must('certtool', ['--p7-sign', '--outder', ...by, '--outfile', path('t.p7m')])
    const rights = 'ca\ncert_signing_key\ncrl_signing_key\nexpiration_days = 2\n'
    const list = 'crl_number = 1\ncrl_next_update = 2\n'
    const template = ['--template', write('template', `cn = Carol\n${rights}${list}`), ...key]
    must('certtool', ['--generate-self-signed', ...template, '--outfile', path('t.pem')])
    must('certtool', ['--generate-request', ...template, '--outfile', path('t.csr')])
    const ca = ['--load-ca-certificate', path('t.pem'), '--load-ca-privkey', path('carol.key')]
    must('certtool', ['--generate-crl', ...template, ...ca, '--outfile', path('t.crl')])
    return {
      'certificate, self-signed': { file: path('t.pem') },
      'request (PKCS #10)': { file: path('t.csr') },
      'revocation list': { file: path('t.crl'), key: path('t.pem') },
      'CMS detached': { file: path('t.p7s'), isApart: true },
      'CMS attached': { file: path('t.p7m') },
    }
  },
})

const nss = ({ path, write }: Folder): TheirProgram => ({
  name: 'NSS',
  tools: ['certutil', 'cmsutil', 'pk12util'],
  make() {
    const database = ['-d', `sql:${path('.')}`]
    must('certutil', ['-N', ...database, '--empty-password'])
    must('pk12util', ['-i', path('p12'), ...database, '-W', 'x', '-K', ''])
    must('certutil', ['-M', ...database, '-n', 'Carol', '-t', 'CTu,CTu,CTu'])
    const by = ['-S', ...database, '-N', 'Carol', '-H', 'SHA256', '-G', '-i', path('content')]
    must('cmsutil', [...by, '-T', '-o', path('n.p7s')])
    must('cmsutil', [...by, '-o', path('n.p7m')])
    const to = ['-r', 'carol@hearth.example', '-i', path('content'), '-o', path('n.rsa')]
    must('cmsutil', ['-E', ...database, ...to])
    const key = ['-s', 'CN=Carol', '-k', 'rsa', '-z', write('noise', 'n'.repeat(1024)), '-a']
    must('certutil', ['-R', ...database, ...key, '-o', path('n.csr')])
    return {
      'request (PKCS #10)': { file: path('n.csr') },
      'CMS detached': { file: path('n.p7s'), isApart: true },
      'CMS attached': { file: path('n.p7m') },
      'encrypted to RSA': { file: path('n.rsa') },
    }
  },
})

const bouncyCastle = ({ path }: Folder): TheirProgram => ({
  name: 'Bouncy Castle',
  tools: ['javac', ...jars],
  make() {
    const places = [path('.'), ...jars].join(':')
    must('javac', ['-cp', places, '-d', path('.'), resolve('tests/unit/BouncyCastle.java')])
    const sign = (form: string, out: string) =>
      must('java', ['-cp', places, 'BouncyCastle', form, path('content'), path('p12'), path(out)])
    sign('sign-detached', 'b.p7s')
    sign('sign-attached', 'b.p7m')
    const encrypt = (form: string, to: string, out: string) =>
      must('java', ['-cp', places, 'BouncyCastle', form, path('content'), path(to), path(out)])
    encrypt('encrypt-rsa', 'carol.pem', 'b.rsa')
    encrypt('encrypt-oaep', 'carol.pem', 'b.oaep')
    encrypt('encrypt-ec', 'dora.pem', 'b.ec')
    encrypt('encrypt-gcm', 'carol.pem', 'b.gcm')
    return {
      'CMS detached': { file: path('b.p7s'), isApart: true },
      'CMS attached': { file: path('b.p7m') },
      'encrypted to RSA': { file: path('b.rsa') },
      'encrypted to RSA by OAEP': { file: path('b.oaep') },
      'encrypted to a NIST curve': { file: path('b.ec') },
      'encrypted by AES-GCM': { file: path('b.gcm') },
    }
  },
})

const ownForms = ({ path }: Folder): readonly TheirProgram[] => [
  {
    name: 'pyHanko',
    // Of its own tests.
    tools: [join(vectorsFolder, 'documents/pdf')],
    make: () => ({
      PDF: { file: join(vectorsFolder, 'documents/pdf/minimal-two-fields-signed-twice.pdf') },
    }),
  },
  {
    name: 'jose',
    tools: ['jose'],
    make() {
      must('jose', ['jwk', 'gen', '-i', '{"alg":"ES256"}', '-o', path('private.jwk')])
      must('jose', ['jwk', 'pub', '-i', path('private.jwk'), '-o', path('public.jwk')])
      const over = ['-I', path('content'), '-k', path('private.jwk')]
      must('jose', ['jws', 'sig', ...over, '-c', '-o', path('j.jws')])
      return { 'JWS, compact': { file: path('j.jws'), key: path('public.jwk') } }
    },
  },
  {
    name: 'ssh-keygen',
    tools: ['ssh-keygen'],
    make() {
      must('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path('ssh')])
      must('ssh-keygen', ['-q', '-Y', 'sign', '-f', path('ssh'), '-n', 'file', path('content')])
      return { SSHSIG: { file: path('content.sig'), isApart: true, key: path('ssh.pub') } }
    },
  },
  {
    name: 'minisign',
    tools: ['minisign'],
    make() {
      const keys = ['-p', path('minisign.pub'), '-s', path('minisign.key')]
      must('minisign', ['-G', '-W', '-f', ...keys])
      const signing = ['-m', path('content'), '-x', path('content.minisig'), '-t', 'hello']
      must('minisign', ['-S', '-s', path('minisign.key'), ...signing])
      const file = path('content.minisig')
      return { minisign: { file, isApart: true, key: path('minisign.pub') } }
    },
  },
]

export const theirPrograms = (folder: Folder): readonly TheirProgram[] => [
  openssl(folder),
  gpgsm(folder),
  certtool(folder),
  nss(folder),
  bouncyCastle(folder),
  ...ownForms(folder),
]
