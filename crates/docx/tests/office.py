"""Accepts and rejects every tracked change with LibreOffice: FOLDER and a number of files in it,
f0.docx and on, become f0.Accept.txt and f0.Reject.txt and on."""

import pathlib
import subprocess
import sys
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException


def setting(name, value):
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def connected(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    for _ in range(600):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.1)
    sys.exit("LibreOffice did not start")


def main():
    folder, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    pipe = "tallystick" + folder.name
    office = subprocess.Popen(
        [
            "soffice",
            f"-env:UserInstallation={(folder / 'resolving').as_uri()}",
            "--headless",
            "--norestore",
            f"--accept=pipe,name={pipe};urp;",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        context = connected(pipe)
        make = context.ServiceManager.createInstanceWithContext
        desktop = make("com.sun.star.frame.Desktop", context)
        dispatcher = make("com.sun.star.frame.DispatchHelper", context)
        text = (setting("FilterName", "Text (encoded)"), setting("FilterOptions", "UTF8"))
        for at in range(count):
            for verb in ("Accept", "Reject"):
                file = (folder / f"f{at}.docx").as_uri()
                document = desktop.loadComponentFromURL(file, "_blank", 0, (setting("Hidden", True),))
                frame = document.CurrentController.Frame
                dispatcher.executeDispatch(frame, f".uno:{verb}AllTrackedChanges", "", 0, ())
                document.storeToURL((folder / f"f{at}.{verb}.txt").as_uri(), text)
                document.close(True)
    finally:
        office.terminate()
        office.wait()


main()
