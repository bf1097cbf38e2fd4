// ui: what the person sees; speaks the protocol like any other client. This file: a button that lets the person choose
// files, or all of a folder.

import { useRef } from 'preact/hooks'
import { filesOf, type GivenFile } from './droppedFiles.ts'
import { Icon } from './Icon.tsx'

export function FileChooser({
  label,
  icon,
  what = 'files',
  primary = false,
  onFiles,
}: {
  readonly label: string
  readonly icon: Parameters<typeof Icon>[0]['of']
  readonly what?: 'file' | 'files' | 'folder'
  readonly primary?: boolean
  readonly onFiles: (files: readonly GivenFile[]) => void
}) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <button
        type="button"
        class={primary ? 'primary' : undefined}
        onClick={() => input.current?.click()}
      >
        <Icon of={icon} />
        {label}
      </button>
      <input
        ref={input}
        type="file"
        multiple={what !== 'file'}
        hidden
        aria-label={label}
        {...(what === 'folder' ? { webkitdirectory: true } : {})}
        onChange={({ currentTarget }) => {
          const files = filesOf(currentTarget.files)
          // The same file may be chosen again.
          currentTarget.value = ''
          onFiles(files)
        }}
      />
    </>
  )
}
