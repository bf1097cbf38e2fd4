// ui: what the person sees; speaks the protocol like any other client. This file: a text as a QR code.

import { useEffect, useState } from 'preact/hooks'

export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const [path, setPath] = useState<{ readonly d: string; readonly size: number } | null>(null)
  useEffect(() => {
    if (text === '') return
    void import('uqr').then(({ encode }) => {
      const { data, size } = encode(text, { ecc: 'M', border: 2 })
      const d = data
        .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')))
        .join('')
      setPath({ d, size })
    })
  }, [text])
  if (!path) return null
  return (
    <svg class="qr" viewBox={`0 0 ${path.size} ${path.size}`} role="img" aria-label={label}>
      <path d={path.d} />
    </svg>
  )
}
