// ui: what the person sees; speaks the protocol like any other client. This file: the hash of a file, or its check code
// under a key that is typed, and whether it is the one that was promised.

import { CircleCheck, CircleX } from 'lucide'
import { useEffect, useRef, useState } from 'preact/hooks'
import { equalBytes } from '../codec/bytes.ts'
import { encodeHex } from '../codec/text.ts'
import { readBytes } from './base64Input.ts'
import { CopyButton } from './CopyButton.tsx'
import { AreaField, PassphraseField } from './Field.tsx'
import { FileChoice } from './FileChoice.tsx'
import { fileErrorWords, sizeWords } from './fileWords.ts'
import { type FileHash, fileHashes, hashOfFile, readHash } from './hashWork.ts'
import { Icon } from './Icon.tsx'
import { ErrorAlert } from './Notices.tsx'
import { SelectField } from './SelectField.tsx'
import { t } from './words.ts'

type Kind = 'hash' | 'mac'
type Bytes = Uint8Array<ArrayBuffer>

const wordsFor = {
  hash: {
    heading: t('tools_hash'),
    file: t('tools_hash_file'),
    made: t('tools_hash_made'),
    copy: t('tools_hash_copy'),
    given: t('tools_hash_given'),
  },
  mac: {
    heading: t('tools_mac'),
    file: t('tools_mac_file'),
    made: t('tools_mac_made'),
    copy: t('tools_mac_copy'),
    given: t('tools_mac_given'),
  },
} as const satisfies Record<Kind, object>

const noFile = null

/** The hash of what was chosen last; what runs meanwhile ends. */
function useHashing() {
  const [done, setDone] = useState<number | null>(null)
  const [made, setMade] = useState<Bytes | null>(null)
  const [error, setError] = useState<unknown>(null)
  const running = useRef(new AbortController())
  useEffect(() => () => running.current.abort(), [])
  const stop = () => {
    running.current.abort()
    setDone(null)
  }
  const run = async (file: File, hash: FileHash, key?: Bytes) => {
    running.current.abort()
    const controller = new AbortController()
    running.current = controller
    const { signal } = controller
    setMade(null)
    setError(null)
    setDone(0)
    try {
      const options = { signal, onProgress: setDone, ...(key ? { key } : {}) }
      const bytes = await hashOfFile(file, hash, options)
      if (!signal.aborted) setMade(bytes)
    } catch (problem) {
      if (!signal.aborted) setError(fileErrorWords(problem))
    }
    if (!signal.aborted) setDone(null)
  }
  return { done, made, error, run, stop, fail: setError }
}

export function HashTool({ kind }: { readonly kind: Kind }) {
  const words = wordsFor[kind]
  const [file, setFile] = useState<File | null>(noFile)
  const [hash, setHash] = useState<FileHash>('SHA-256')
  const [secret, setSecret] = useState('')
  const [given, setGiven] = useState('')
  const hashing = useHashing()
  const id = `tool-${kind}`
  const start = (chosen: File, by: FileHash) => {
    setFile(chosen)
    if (kind === 'hash') return void hashing.run(chosen, by)
    const key = readBytes(secret)
    if (!key) return hashing.fail(t('tools_mac_no_key'))
    void hashing.run(chosen, by, key)
  }
  return (
    <section class="card" aria-labelledby={id}>
      <h2 id={id}>{words.heading}</h2>
      {kind === 'mac' && (
        <>
          <p class="hint">{t('tools_mac_vault')}</p>
          <PassphraseField
            label={t('tools_mac_key')}
            hint={<p class="hint">{t('tools_mac_key_hint')}</p>}
            value={secret}
            onValue={setSecret}
            fresh
          />
        </>
      )}
      <div class="narrow">
        <SelectField
          label={kind === 'mac' ? t('tools_mac_by') : t('tools_hash_by')}
          value={hash}
          options={fileHashes.map((one) => [one, one] as const)}
          onValue={(by) => {
            setHash(by)
            if (file) start(file, by)
          }}
        />
      </div>
      <FileChoice
        label={words.file}
        words={t('tools_drop')}
        onFile={(chosen) => start(chosen, hash)}
      />
      {file && (
        <p class="hint">
          <bdi>{file.name}</bdi>, {sizeWords(file.size)}
        </p>
      )}
      {hashing.done !== null && (
        <div class="row">
          <progress class="grow" aria-label={t('tools_progress')} value={hashing.done} />
          <button type="button" onClick={hashing.stop}>
            {t('cancel')}
          </button>
        </div>
      )}
      <ErrorAlert error={hashing.error} />
      {hashing.made && <Made bytes={hashing.made} label={words.made} copy={words.copy} />}
      <AreaField label={words.given} value={given} onValue={setGiven} rows={2} />
      <Verdict made={hashing.made} given={given} />
    </section>
  )
}

function Made({
  bytes,
  label,
  copy,
}: {
  readonly bytes: Bytes
  readonly label: string
  readonly copy: string
}) {
  const text = encodeHex(bytes)
  return (
    <div class="with-button">
      <output class="mono whole grow" aria-label={label}>
        {text}
      </output>
      <CopyButton label={copy} text={() => text} />
    </div>
  )
}

/** In words as well as in colour. */
function Verdict({ made, given }: { readonly made: Bytes | null; readonly given: string }) {
  return (
    <div role="status">{made && given.trim() !== '' && <Said made={made} given={given} />}</div>
  )
}

function Said({ made, given }: { readonly made: Bytes; readonly given: string }) {
  const wanted = readHash(given)
  if (!wanted) return <p class="hint warn">{t('tools_not_hash')}</p>
  if (wanted.byteLength !== made.byteLength)
    return <p class="hint warn">{t('tools_other_length')}</p>
  const same = equalBytes(made, wanted)
  return (
    <p>
      <span class={same ? 'badge good' : 'badge bad'}>
        <Icon of={same ? CircleCheck : CircleX} />
        {same ? t('tools_same') : t('tools_different')}
      </span>{' '}
      {same ? t('tools_same_hint') : t('tools_different_hint')}
    </p>
  )
}
