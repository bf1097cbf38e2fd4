// The bare extension of the bench: what comes goes back, as it is.

chrome.runtime.onMessage.addListener((message, _sender, send) => {
  send(message)
  return false
})
