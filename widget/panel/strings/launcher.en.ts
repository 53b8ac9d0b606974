/** The few words that the loader speaks before the panel is there. */
export const launcherStrings = {
  open: 'Open chat',
  close: 'Close chat',
  failed: 'Could not load. Try again',
  unread: ' unread',
}
