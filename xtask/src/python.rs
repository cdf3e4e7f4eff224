//! The Python bindings, tested as a user gets them: the wheel is built, installed into a fresh environment, and
//! asked from there, so that a file forgotten in the wheel is a failure.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::command::{Command, Failure};
use crate::test::{Done, Outcome};
use crate::workspace::Workspace;

const USABLE: &str = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";

pub(crate) fn run(workspace: &Workspace) -> Outcome {
    let scratch = workspace.target.join("python");
    let python = interpreter(&workspace.root)?;
    let wheels = scratch.join("wheels");
    emptied(&wheels)?;

    let builder = Environment::fresh(&python, &scratch.join("build-env"))?;
    builder.pip("install --quiet maturin>=1.9.4,<2").run()?;
    build(workspace, &builder, &wheels)?;

    let user = Environment::fresh(&python, &scratch.join("test-env"))?;
    user.pip("install --quiet pytest").run()?;
    user.pip("install --quiet --no-index").arg(only_file(&wheels)?).run()?;
    let tests = workspace.root.join("bindings/python");
    user.python("-m pytest").arg(tests).env("PYTHONDONTWRITEBYTECODE", "1").run()?;
    Ok(Done::Passed)
}

/// `$PYTHON`, else `python3`.
fn interpreter(root: &Path) -> Result<PathBuf, Failure> {
    let python = env::var_os("PYTHON").map_or_else(|| PathBuf::from("python3"), PathBuf::from);
    if Command::new(&python, root).arg("-c").arg(USABLE).succeeds() {
        return Ok(python);
    }
    Err(Failure::new(format!(
        "the bindings' tests need Python 3.11 or newer with `venv`, which `{}` is not; on Debian and Ubuntu: \
         apt-get install python3 python3-venv; another interpreter is taken from the variable PYTHON",
        python.display()
    )))
}

fn build(workspace: &Workspace, builder: &Environment, wheels: &Path) -> Result<(), Failure> {
    // Not for publishing, so no check against the oldest supported systems is asked for.
    let words = "-m maturin build --locked --auditwheel skip --manifest-path bindings/python/Cargo.toml";
    let target = workspace.target.to_string_lossy();
    let command = builder.python(words).arg("--target-dir").arg(&*target).arg("--out").arg(wheels);
    command.run()
}

/// A virtual environment.
struct Environment {
    folder: PathBuf,
}

impl Environment {
    /// Makes it anew.
    fn fresh(python: &Path, folder: &Path) -> Result<Self, Failure> {
        emptied(folder)?;
        Command::new(python, folder).words("-m venv").arg(folder).run()?;
        Ok(Self { folder: folder.to_path_buf() })
    }

    fn python(&self, words: &str) -> Command {
        let program = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        Command::new(self.folder.join(program), &root).words(words)
    }

    fn pip(&self, words: &str) -> Command {
        self.python("-m pip --disable-pip-version-check").words(words)
    }
}

fn emptied(folder: &Path) -> Result<(), Failure> {
    let unwritable = |error| Failure::new(format!("{} cannot be emptied: {error}", folder.display()));
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(unwritable)?;
    }
    fs::create_dir_all(folder).map_err(unwritable)
}

fn only_file(folder: &Path) -> Result<PathBuf, Failure> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    match files.map(|entry| entry.path()).collect::<Vec<_>>().as_slice() {
        [file] => Ok(file.clone()),
        files => {
            Err(Failure::new(format!("{} holds {} files, not one wheel", folder.display(), files.len())))
        }
    }
}
