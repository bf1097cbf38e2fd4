// Programs of others that verify what is signed here: for each kind of file, whether the program takes it.

import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { compactVerify, flattenedVerify, generalVerify, importJWK } from 'jose'
import type { Files, Kind } from './documentsArtefacts.ts'
import { run, type testFolder } from './foreignTools.ts'

type Check = (files: Files) => boolean | Promise<boolean>

export interface Program {
  readonly name: string
  /** All must be there. */
  readonly tools: readonly string[]
  readonly checks: Partial<Record<Kind, Check>>
  /** Judges whether the file is sound, not what the signature is worth. */
  readonly readsOnly?: boolean
}

type Folder = ReturnType<typeof testFolder>

export const jars = ['bcprov', 'bcpkix', 'bcutil'].map((name) => `/usr/share/java/${name}.jar`)

export const hasProgram = (tools: readonly string[]): boolean =>
  tools.every((tool) => (tool.startsWith('/') ? existsSync(tool) : hasCommand(tool)))

const hasCommand = (tool: string): boolean => run('which', [tool]).status === 0

const holds = (tool: string, ...args: readonly string[]) => run(tool, args).status === 0

const openssl = (anchor: string): Program => {
  const trust = ['-CAfile', anchor, '-purpose', 'any']
  const cms = (form: string, file: string, content?: string) => {
    const over = content ? ['-content', content] : []
    const how = ['-binary', '-inform', form, ...trust, '-out', '/dev/null']
    return holds('openssl', 'cms', '-verify', '-cades', ...how, '-in', file, ...over)
  }
  // It says so, and ends with 0 all the same.
  const says = (words: RegExp, ...args: readonly string[]) => words.test(run('openssl', args).text)
  return {
    name: 'OpenSSL',
    tools: ['openssl'],
    checks: {
      'self-signed': ({ file }) =>
        holds('openssl', 'verify', '-check_ss_sig', '-CAfile', file, file),
      certificate: ({ file }) =>
        holds('openssl', 'verify', '-x509_strict', '-CAfile', anchor, file),
      request: ({ file }) => says(/verify OK/, 'req', '-verify', '-noout', '-in', file),
      crl: ({ file }) => says(/verify OK/, 'crl', '-noout', '-CAfile', anchor, '-in', file),
      cms: ({ file, content }) => cms('DER', file, content),
      pem: ({ file }) => cms('PEM', file),
      clear: ({ file }) => holds('openssl', 'smime', '-verify', ...trust, '-in', file),
      pdf: ({ cms: file = '', content }) => cms('DER', file, content),
      enveloped: ({ file, content = '', key = '', certificate = '' }) => {
        const how = ['-binary', '-inform', 'DER', '-in', file, '-out', `${file}.out`]
        const opened = holds(
          'openssl',
          'cms',
          '-decrypt',
          ...how,
          '-recip',
          certificate,
          '-inkey',
          key,
        )
        return opened && sameFiles(`${file}.out`, content)
      },
    },
  }
}

const sameFiles = (one: string, other: string): boolean =>
  existsSync(one) && readFileSync(one).equals(readFileSync(other))

/** As older programs read it. @returns path */
function pkcs12({ key = '', certificate = '' }: Files): string {
  const old = ['-certpbe', 'PBE-SHA1-3DES', '-keypbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']
  const pair = ['-inkey', key, '-in', certificate, '-name', 'own', '-passout', 'pass:x']
  run('openssl', ['pkcs12', '-export', ...pair, ...old, '-out', `${key}.p12`])
  return `${key}.p12`
}

function gpgsm(anchor: string, { path, write }: Folder): Program {
  const home = ['--homedir', path('.'), '--batch', '--disable-dirmngr', '--disable-crl-checks']
  let isReady = false
  const verify = ({ file, content }: Files) => {
    if (!isReady) {
      run('gpgsm', [...home, '--import', anchor])
      const keys = run('gpgsm', [...home, '--with-colons', '--list-keys']).text
      const print = /^fpr:+([0-9A-F]{40}):/m.exec(keys)?.[1] ?? ''
      write('trustlist.txt', `${print} S relax\n`)
      run('gpgconf', ['--homedir', path('.'), '--kill', 'gpg-agent'])
      isReady = true
    }
    return holds('gpgsm', ...home, '--verify', file, ...(content ? [content] : []))
  }
  const imported = new Set<string>()
  const decrypt = (files: Files) => {
    const { file, content = '' } = files
    const asking = [...home, '--yes', '--pinentry-mode', 'loopback', '--passphrase-fd', '0']
    if (imported.size === 0) write('gpg-agent.conf', 'allow-loopback-pinentry\n')
    const own = pkcs12(files)
    if (!imported.has(own)) {
      run('gpgconf', ['--homedir', path('.'), '--kill', 'gpg-agent'])
      run('gpgsm', [...asking, '--import', own], 'x\n')
    }
    imported.add(own)
    const { status } = run('gpgsm', [...asking, '-o', `${file}.gpgsm`, '--decrypt', file], 'x\n')
    return status === 0 && sameFiles(`${file}.gpgsm`, content)
  }
  const checks = { cms: verify, pem: verify, enveloped: decrypt }
  return { name: 'gpgsm', tools: ['gpgsm'], checks }
}

const certtool = (anchor: string): Program => {
  const trust = ['--load-ca-certificate', anchor]
  const p7 = (file: string, content?: string, ...form: readonly string[]) => {
    const over = content ? ['--load-data', content] : []
    return holds('certtool', '--p7-verify', ...form, '--infile', file, ...trust, ...over)
  }
  return {
    name: 'GnuTLS certtool',
    tools: ['certtool'],
    checks: {
      'self-signed': ({ file }) =>
        holds('certtool', '--verify', '--load-ca-certificate', file, '--infile', file),
      certificate: ({ file }) => holds('certtool', '--verify', ...trust, '--infile', file),
      request: ({ file }) =>
        /Self signature: verified/.test(run('certtool', ['--crq-info', '--infile', file]).text),
      crl: ({ file }) => holds('certtool', '--verify-crl', ...trust, '--infile', file),
      cms: ({ file, content }) => p7(file, content, '--inder'),
      pem: ({ file }) => p7(file),
      pdf: ({ cms = '', content }) => p7(cms, content, '--inder'),
    },
  }
}

function nss(anchor: string, { path }: Folder): Program {
  const database = ['-d', `sql:${path('.')}`]
  let isReady = false
  const ready = () => {
    if (isReady) return
    run('certutil', ['-N', ...database, '--empty-password'])
    run('certutil', ['-A', ...database, '-n', 'anchor', '-t', 'CT,CT,CT', '-i', anchor])
    isReady = true
  }
  const emailSigner = ['-u', '4']
  const cms = (file: string, content?: string) => {
    ready()
    const over = content ? ['-c', content] : []
    return holds(
      'cmsutil',
      '-D',
      ...database,
      ...emailSigner,
      '-i',
      file,
      '-o',
      '/dev/null',
      ...over,
    )
  }
  const imported = new Set<string>()
  const decrypt = (files: Files) => {
    ready()
    const { file, content = '' } = files
    const own = pkcs12(files)
    if (!imported.has(own)) run('pk12util', ['-i', own, ...database, '-W', 'x', '-K', ''])
    imported.add(own)
    const opened = holds('cmsutil', '-D', ...database, '-i', file, '-o', `${file}.nss`)
    return opened && sameFiles(`${file}.nss`, content)
  }
  return {
    name: 'NSS',
    tools: ['certutil', 'cmsutil', 'vfychain', 'pk12util'],
    checks: {
      enveloped: decrypt,
      certificate: ({ file }) => {
        ready()
        return /Chain is good/.test(
          run('vfychain', [...database, '-pp', ...emailSigner, '-a', file]).text,
        )
      },
      cms: ({ file, content }) => cms(file, content),
      pdf: ({ cms: file = '', content }) => cms(file, content),
    },
  }
}

function bouncyCastle(anchor: string, { path }: Folder): Program {
  const places = [path('.'), ...jars].join(':')
  let isReady = false
  const verify = (kind: string, file: string, beside = '-', ...more: readonly string[]) => {
    if (!isReady)
      run('javac', ['-cp', places, '-d', path('.'), resolve('tests/unit/BouncyCastle.java')])
    isReady = true
    return holds('java', '-cp', places, 'BouncyCastle', kind, file, beside, ...more)
  }
  return {
    name: 'Bouncy Castle',
    tools: ['javac', ...jars],
    checks: {
      'self-signed': ({ file }) => verify('certificate', file, file),
      certificate: ({ file }) => verify('certificate', file, anchor),
      request: ({ file }) => verify('request', file),
      crl: ({ file }) => verify('crl', file, anchor),
      cms: ({ file, content }) => verify('cms', file, content),
      pem: ({ file }) => verify('cms', file),
      pdf: ({ cms = '', content }) => verify('cms', cms, content),
      enveloped: (files) => {
        const out = `${files.file}.bc`
        return (
          verify('decrypt', files.file, pkcs12(files), out) && sameFiles(out, files.content ?? '')
        )
      },
    },
  }
}

/** A library that comes with the tests; it wants what is detached put back where it was. */
async function joseForJavaScript({ file, content, key = '' }: Files): Promise<boolean> {
  const text = readFileSync(file, 'utf8')
  const jwk = await importJWK({ ...JSON.parse(readFileSync(key, 'utf8')), alg: 'ES256' })
  const [header = '', , signature = ''] = text.split('.')
  const isEncoded = !Buffer.from(header, 'base64url').toString().includes('"b64":false')
  const over = content ? readFileSync(content, isEncoded ? 'base64url' : 'utf8') : ''
  const known = { crit: { b64: true } }
  try {
    if (text.startsWith('{')) await generalVerify(JSON.parse(text), jwk)
    else if (!content) await compactVerify(text, jwk)
    else await flattenedVerify({ protected: header, payload: over, signature }, jwk, known)
    return true
  } catch {
    return false
  }
}

const ownForms: readonly Program[] = [
  {
    name: 'pdfsig',
    tools: ['pdfsig'],
    checks: { pdf: ({ file }) => /Signature is Valid/.test(run('pdfsig', ['-nocert', file]).text) },
  },
  {
    name: 'qpdf',
    tools: ['qpdf'],
    checks: { pdf: ({ file }) => holds('qpdf', '--check', file) },
    readsOnly: true,
  },
  {
    name: 'mutool',
    tools: ['mutool'],
    checks: { pdf: ({ file }) => holds('mutool', 'draw', '-F', 'txt', '-o', '/dev/null', file) },
    readsOnly: true,
  },
  {
    name: 'jose',
    tools: ['jose'],
    checks: {
      jws: ({ file, content, key = '' }) => {
        const over = content ? ['-I', content] : []
        return holds('jose', 'jws', 'ver', '-i', file, ...over, '-k', key)
      },
    },
  },
  { name: 'panva/jose', tools: [], checks: { jws: joseForJavaScript } },
  {
    name: 'ssh-keygen',
    tools: ['ssh-keygen'],
    checks: {
      ssh: ({ file, content = '', key = '' }) => {
        const who = ['-f', key, '-I', 'eve@hearth', '-n', 'file']
        return (
          run('sh', ['-c', 'exec ssh-keygen -Y verify "$@" < "$0"', content, ...who, '-s', file])
            .status === 0
        )
      },
    },
  },
  {
    name: 'minisign',
    tools: ['minisign'],
    checks: {
      minisign: ({ file, content = '', key = '' }) =>
        holds('minisign', '-V', '-p', key, '-x', file, '-m', content),
    },
  },
]

/** @param anchor path of the authority's certificate, PEM */
export const programs = (anchor: string, folder: Folder): readonly Program[] => [
  openssl(anchor),
  gpgsm(anchor, folder),
  certtool(anchor),
  nss(anchor, folder),
  bouncyCastle(anchor, folder),
  ...ownForms,
]
