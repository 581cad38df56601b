"""Finds the driver and CUDA 12 for tests/gpu/run; for tests/gpu/pack it takes CUDA out of NVIDIA's JAR.

libraries.py find LINKS [BROUGHT]   links what is found into the folder LINKS and prints a report;
                                    BROUGHT holds libraries that came with the bundle
libraries.py extract JAR FOLDER     writes the libraries of the JAR as .gz, their compressed bytes as they are

Exit status of find: 0 all is there, 3 no GPU, 4 no CUDA 12.
"""
import ctypes
import glob
import os
import site
import struct
import subprocess
import sys
import zipfile

# What TensorFlow 2.18 opens, and what those need, in the order in which they can be loaded.
NEEDED = [
    "libcudart.so.12",
    "libnvJitLink.so.12",
    "libcublasLt.so.12",
    "libcublas.so.12",
    "libcufft.so.11",
    "libcusparse.so.12",
    "libcusolver.so.11",
    "libnccl.so.2",
    "libcupti.so.12",
    "libcudnn.so.9",
]
# cuDNN opens these by itself, when an operation of it is used first. No task uses one yet.
USEFUL = ["libcudnn_graph.so.9", "libcudnn_ops.so.9", "libcudnn_adv.so.9", "libnvrtc.so.12"]
# For several GPUs, and for profiling: TensorFlow does without.
OPTIONAL = {"libnccl.so.2", "libcupti.so.12"}
# What a bundle brings: a gigabyte less than all.
BROUGHT = [it for it in NEEDED if it != "libnccl.so.2"] + ["libcudnn_graph.so.9", "libcudnn_ops.so.9"]

LOAD = """
import ctypes, sys
for name in sys.argv[1:]:
    try:
        ctypes.CDLL(name, ctypes.RTLD_GLOBAL)
    except OSError as e:
        print(name, e, sep="\\t")
"""


def folders(brought):
    named = os.environ.get("LD_LIBRARY_PATH", "").split(":")
    packages = site.getsitepackages() + [site.getusersitepackages()] + sys.path
    found = [brought] if brought else []
    found += [it for it in named if it]
    for below in ["lib64", "targets/x86_64-linux/lib", "extras/CUPTI/lib64"]:
        found += sorted(glob.glob(os.path.join("/usr/local/cuda*", below)))
    for package in packages:
        found += sorted(glob.glob(os.path.join(package, "nvidia", "*", "lib")))
    found += ["/usr/local/nvidia/lib64", "/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib/wsl/lib"]
    return [it for it in dict.fromkeys(os.path.abspath(it) for it in found) if os.path.isdir(it)]


def of_another_cuda(folder):
    """CUDA 13 has libraries of the same name (libcusparse.so.12), which CUDA 12's do not go with."""
    names = ["cudart", "cublas", "nvJitLink", "nvrtc"]
    return any(os.path.exists(os.path.join(folder, f"lib{it}.so.13")) for it in names)


def locate(name, places):
    for folder in places:
        path = os.path.join(folder, name)
        if os.path.exists(path) and not of_another_cuda(folder):
            return path
    return None


def driver(places):
    """Name of the first GPU and version of the driver's CUDA; or None and why not."""
    library = None
    for path in ["libcuda.so.1"] + [os.path.join(it, "libcuda.so.1") for it in places]:
        try:
            library = ctypes.CDLL(path)
            break
        except OSError:
            continue
    if library is None:
        return None, "there is no libcuda.so.1, so no NVIDIA driver"
    status = library.cuInit(0)
    count = ctypes.c_int(0)
    if status == 0:
        status = library.cuDeviceGetCount(ctypes.byref(count))
    if status != 0 or count.value == 0:
        return None, f"the driver answers with error {status} and {count.value} GPUs"
    name = ctypes.create_string_buffer(100)
    library.cuDeviceGetName(name, 100, 0)
    version = ctypes.c_int(0)
    library.cuDriverGetVersion(ctypes.byref(version))
    cuda = f"{version.value // 1000}.{version.value % 1000 // 10}"
    return f"{name.value.decode()} (of {count.value}), its driver speaks CUDA {cuda}", None


def loads(links, names):
    """What cannot be loaded, by name; tried in a process that sees these libraries and no others of CUDA."""
    environment = dict(os.environ, LD_LIBRARY_PATH=links)
    command = [sys.executable, "-c", LOAD] + names
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if said.returncode != 0:
        return {names[0]: said.stderr.strip() or f"status {said.returncode}"}
    return dict(line.split("\t", 1) for line in said.stdout.splitlines())


def find(links, brought):
    places = folders(brought)
    gpu, why = driver(places)
    if gpu is None:
        print(f"GPU: none; {why}")
        return 3
    print(f"GPU: {gpu}")
    os.makedirs(links, exist_ok=True)
    for old in os.listdir(links):
        os.remove(os.path.join(links, old))
    missing = []
    for name in NEEDED + USEFUL:
        path = locate(name, places)
        if path:
            os.symlink(path, os.path.join(links, name))
            print(f"  {name:24} {path}")
        elif name in NEEDED:
            missing.append(name)
            print(f"  {name:24} not found" + ("; TensorFlow does without" if name in OPTIONAL else ""))
    broken = loads(links, [it for it in NEEDED if it not in missing])
    for name, reason in broken.items():
        print(f"  {name:24} cannot be loaded: {reason}")
    lacking = [it for it in missing + list(broken) if it not in OPTIONAL]
    if lacking:
        print(f"CUDA 12 and cuDNN 9 are not whole here: {', '.join(lacking)}. Looked in: {', '.join(places)}.")
        print("Name their folders in LD_LIBRARY_PATH, or pack them into the bundle: tests/gpu/pack OUT_DIR --cuda")
        return 4
    return 0


def extract(jar, folder):
    os.makedirs(folder, exist_ok=True)
    wanted = set(BROUGHT)
    with zipfile.ZipFile(jar) as archive, open(jar, "rb") as raw:
        for entry in archive.infolist():
            name = os.path.basename(entry.filename)
            if name not in wanted:
                continue
            if entry.compress_type != zipfile.ZIP_DEFLATED:
                sys.exit(f"{jar}: {entry.filename} is not deflated")
            raw.seek(entry.header_offset + 26)
            name_length, extra_length = struct.unpack("<HH", raw.read(4))
            raw.seek(name_length + extra_length, os.SEEK_CUR)
            # A gzip file is a zip entry's bytes between another header and another end.
            with open(os.path.join(folder, name + ".gz"), "wb") as out:
                out.write(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03")
                left = entry.compress_size
                while left > 0:
                    block = raw.read(min(left, 1 << 20))
                    out.write(block)
                    left -= len(block)
                out.write(struct.pack("<II", entry.CRC, entry.file_size & 0xFFFFFFFF))
            wanted.discard(name)
    if wanted:
        sys.exit(f"{jar} does not have {', '.join(sorted(wanted))}")
    return 0


if __name__ == "__main__":
    if sys.argv[1] == "extract":
        sys.exit(extract(sys.argv[2], sys.argv[3]))
    sys.exit(find(sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None))
