import { DriverFault } from '@storage/core/driver';

/** What leads out of the store, or is no file, is neither read nor replaced. */
export function refuseLink(): DriverFault {
  return new DriverFault('PermissionDenied', 'a symbolic link inside the store is not followed', {
    hint: 'replace it by the file or folder that it points to',
  });
}

export function refuseSpecial(): DriverFault {
  return new DriverFault('PermissionDenied', 'what is stored there is no regular file');
}

export function keyConflict(message: string): DriverFault {
  return new DriverFault('KeyConflict', message);
}

export function notFound(what: 'object' | 'version' = 'object'): DriverFault {
  return new DriverFault('NotFound', `there is no such ${what}`);
}
