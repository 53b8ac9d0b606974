/** The few words that the loader speaks before the panel is there. */
export const launcherStrings = {
  open: 'Open chat',
  close: 'Close chat',
  failed: 'The chat could not be loaded. Click to try again.',
  unread: (count: number) => `${count} unread`,
}
