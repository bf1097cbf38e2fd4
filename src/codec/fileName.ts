// codec: pure conversions between bytes and their written forms. This file: a file's name out of a message,
// which is whatever somebody wrote there, as one that leads nowhere else and shows as what it is.

const longestName = 200
/** Windows keeps these for devices, with any ending. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/** One part of a path, or `null` where nothing of the name is fit for one. */
export function safeFileName(name: string): string | null {
  const [last = ''] = name.split(/[\\/]/).slice(-1)
  const safe = last
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>:"|?*]/gu, '_')
    .replace(/^[\s.-]+/, '')
    .slice(0, longestName)
    .replace(/[\s.]+$/, '')
  if (safe === '') return null
  return reserved.test(safe) ? `_${safe}` : safe
}
