// Commits and tags of git, signed as OpenSSH signs (gpg.format=ssh): git takes what is signed here, and what git had
// ssh-keygen sign is read here.

import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Bytes, unshared } from '../../src/codec/bytes.ts'
import { encodeUtf8 } from '../../src/codec/text.ts'
import { readKnownKey } from '../../src/documents/judgeKey.ts'
import { allowedSignersLine } from '../../src/documents/sshPublicKey.ts'
import { signSsh } from '../../src/documents/sshSignature.ts'
import { verifyDocument } from '../../src/documents/verifyDocument.ts'
import { testSigner } from './certificatesSigners.ts'
import { hasTool, run, testFolder } from './foreignTools.ts'

const hasBoth = hasTool('git') && hasTool('ssh-keygen')
const folder = testFolder('ssh-git')
const who = 'ada@hearth.example'

/** A repository with one commit; nothing of the person's own settings counts. */
function repository(name: string, allowed: string) {
  const path = folder.path(name)
  mkdirSync(path)
  const git = (args: readonly string[], input = '') => {
    const { stdout, stderr, status } = spawnSync('git', args, {
      cwd: path,
      encoding: 'utf8',
      input,
      env: { ...process.env, HOME: path, GIT_CONFIG_NOSYSTEM: '1' },
    })
    return { out: stdout, text: `${stdout}${stderr}`, status }
  }
  git(['init', '--quiet'])
  for (const [key, value] of [
    ['user.name', 'Ada'],
    ['user.email', who],
    ['gpg.format', 'ssh'],
    ['gpg.ssh.allowedSignersFile', allowed],
  ] as const) {
    git(['config', key, value])
  }
  git(['commit', '--quiet', '--allow-empty', '--no-gpg-sign', '--message', 'Hearth'])
  return git
}

const sha512 = async (text: string): Promise<Bytes> =>
  unshared(new Uint8Array(await crypto.subtle.digest('SHA-512', encodeUtf8(text))))

/** gitformat-signature: as a header behind the others, its further lines indented. */
const withSignature = (commit: string, signature: string): string =>
  commit.replace('\n\n', `\ngpgsig ${signature.trimEnd().replaceAll('\n', '\n ')}\n\n`)

describe.runIf(hasBoth).each(['ED25519_SHA_512', 'ECDSA_SHA_256'] as const)('%s', (algorithm) => {
  test('git verifies a commit and a tag that were signed here, for git alone', async () => {
    const signer = await testSigner(algorithm)
    const allowed = folder.write(`${algorithm}.allowed`, allowedSignersLine(who, signer.publicKey))
    const git = repository(algorithm, allowed)
    const signed = async (text: string, namespace: string) =>
      signSsh(signer, { sha512: await sha512(text) }, namespace)
    const commit = git(['cat-file', 'commit', 'HEAD']).out
    const write = (type: string, text: string) =>
      git(['hash-object', '-t', type, '-w', '--stdin'], text).out.trim()

    const good = write('commit', withSignature(commit, await signed(commit, 'git')))
    const said = git(['verify-commit', good])
    expect(said.text).toContain(`Good "git" signature for ${who}`)
    expect(said.status).toBe(0)
    const elsewhere = write('commit', withSignature(commit, await signed(commit, 'file')))
    expect(git(['verify-commit', elsewhere]).status).not.toBe(0)
    const bent = withSignature(commit.replace('Hearth', 'Death'), await signed(commit, 'git'))
    expect(git(['verify-commit', write('commit', bent)]).status).not.toBe(0)

    const when = `${Math.floor(Date.now() / 1000)} +0000`
    const tag = `object ${good}\ntype commit\ntag v1\ntagger Ada <${who}> ${when}\n\nHome\n`
    const tagged = write('tag', `${tag}${await signed(tag, 'git')}`)
    git(['update-ref', 'refs/tags/v1', tagged])
    const verified = git(['tag', '-v', 'v1'])
    expect(verified.text).toContain(`Good "git" signature for ${who}`)
    expect(verified.status).toBe(0)
  })
})

test.runIf(hasBoth)(
  'what git had ssh-keygen sign is valid for git, and for nothing else',
  async () => {
    const key = folder.path('key')
    run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'ada', '-f', key])
    const line = folder.read('key.pub').trim()
    const git = repository('theirs', folder.write('theirs.allowed', `${who} ${line}\n`))
    git(['config', 'user.signingKey', key])
    const made = git(['commit', '--quiet', '--allow-empty', '--gpg-sign', '--message', 'Signed'])
    expect(made.text).toBe('')
    const commit = git(['cat-file', 'commit', 'HEAD']).out
    const [header = ''] = /gpgsig [\s\S]*?-----END SSH SIGNATURE-----\n/.exec(commit) ?? []
    const signature = header.replace('gpgsig ', '').replaceAll('\n ', '\n')
    const known = readKnownKey(line, 'Ada')
    const asked = {
      file: encodeUtf8(commit.replace(header, '')),
      signature,
      anchors: [],
      keys: known ? [known] : [],
      at: new Date(),
    }
    expect(await verifyDocument({ ...asked, sshNamespace: 'git' })).toMatchObject({
      verdict: 'valid',
      signatures: [{ who: 'Ada', namespace: 'git' }],
    })
    expect(await verifyDocument(asked)).toMatchObject({
      verdict: 'not-trusted',
      signatures: [{ problems: ['another-namespace'] }],
    })
  },
)
