// ui: what the person sees; speaks the protocol like any other client. This file: giving a picture of a QR code, as a
// file or from the clipboard.

import { Image } from 'lucide'
import { useRef } from 'preact/hooks'
import { Icon } from './Icon.tsx'
import { t } from './words.ts'

/** A picture that somebody copied; `null` for anything else, which is pasted as ever. */
export function takePastedPicture(event: ClipboardEvent): File | null {
  const picture = [...(event.clipboardData?.files ?? [])].find(({ type }) =>
    type.startsWith('image/'),
  )
  if (!picture) return null
  event.preventDefault()
  return picture
}

export function PictureButton({
  disabled,
  onPicture,
}: {
  readonly disabled: boolean
  readonly onPicture: (file: File) => void
}) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <button
        type="button"
        class="quiet"
        disabled={disabled}
        onClick={() => input.current?.click()}
      >
        <Icon of={Image} />
        {t('item_qr_image')}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        accept="image/*"
        aria-label={t('item_qr_image')}
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? []
          if (file) onPicture(file)
          currentTarget.value = ''
        }}
      />
    </>
  )
}
