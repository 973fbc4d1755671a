/** In every folder and with every extension: `CON`, `nul.txt`, `COM¹`. */
const deviceName = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:$|[. ])/i;

/** Whether Windows takes a file name for a device. No tree of ours has such a name, so that it can be copied there. */
export function isDeviceName(name: string): boolean {
  return deviceName.test(name);
}
