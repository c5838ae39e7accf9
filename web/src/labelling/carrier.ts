// The way on which files go to an agreement, part by part.
import { isAway, isProblem } from "../http/problem";
import { at, request } from "../http/request";
import type { Carrier } from "./upload";

interface UploadView {
  upload: string;
  offset: number;
}

export function carrierOf(agreement: string): Carrier {
  const uploads = at`/agreements/${agreement}/uploads`;
  return {
    begin: (file) =>
      request<UploadView>("POST", uploads, {
        body: { name: file.webkitRelativePath || file.name, size: file.size },
      }),
    send: async (upload, offset, part) => {
      const { offset: behind } = await request<UploadView>(
        "PATCH",
        `${uploads}/${encodeURIComponent(upload)}`,
        {
          body: part,
          contentType: "application/octet-stream",
          headers: { "Upload-Offset": String(offset) },
        },
      );
      return behind;
    },
    has: async (upload) => {
      const { offset } = await request<UploadView>(
        "GET",
        `${uploads}/${encodeURIComponent(upload)}`,
      );
      return offset;
    },
    // Another part of the same file may still be on its way: what is there is asked for.
    away: (error) => isAway(error) || (isProblem(error) && error.status === 409),
    pause: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
  };
}
