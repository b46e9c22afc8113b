"""Work in a forked process, which may crash, hang or take memory."""

import os
import select
import signal
import traceback


def fork(work, got, seconds):
    """Runs `work(send)` in a fork, with its output discarded.

    Args:
        work: a function of `send`, which sends a line of text back.
        got: called with each line.
        seconds: after so long without a line it hangs, and is killed.

    Returns:
        (the problem or None, its peak memory in MB).
    """
    read, write_end = os.pipe()
    process = os.fork()
    if not process:
        status = 1
        try:
            os.close(read)
            quiet = os.open(os.devnull, os.O_WRONLY)
            for each in (1, 2):
                os.dup2(quiet, each)
            work(lambda text: os.write(write_end, text.replace("\n", " ").encode() + b"\n"))
            status = 0
        except BaseException:
            os.write(write_end, f"crash {last_lines()}\n".encode())
        finally:
            os._exit(status)
    os.close(write_end)
    problem, rest = None, b""
    while True:
        if not select.select([read], [], [], seconds)[0]:
            os.kill(process, signal.SIGKILL)
            problem = f"hangs: nothing for {seconds} s"
            break
        piece = os.read(read, 1 << 16)
        if not piece:
            break
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            got(line.decode())
    os.close(read)
    _, status, usage = os.wait4(process, 0)
    if status and not problem:
        problem = f"died with status {status}"
    return problem, usage.ru_maxrss // 1024


def last_lines():
    """The last lines of the current exception's traceback, as one."""
    return " | ".join(traceback.format_exc().strip().splitlines()[-6:])


def snapshot(folder):
    """[(path, kind, content, time)] of everything below a folder."""
    found = []
    for each in sorted(folder.rglob("*")):
        stat = each.lstat()
        content = each.read_bytes() if each.is_file() else b""
        found.append((str(each), stat.st_mode, content, stat.st_mtime_ns))
    return found
