using Slipway.Cli.Registry;
using Slipway.Cli.Terminal;
using Slipway.TestKit;

namespace Slipway.Cli.Tests.Registry;

public sealed class LocalFilesTests : IDisposable
{
    private const string Oid = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_is_all_that_is_in_it_but_what_version_control_keeps()
    {
        _folder.Write("m/model.onnx", "a");
        _folder.Write("m/assets/deep/b.txt", "bb");
        _folder.Write("m/.git/config", "no");

        IReadOnlyList<LocalFile> files = LocalFiles.Of(_folder.PathOf("m"));

        Assert.Equal([("assets/deep/b.txt", 2L), ("model.onnx", 1L)], files.Select(file => (file.Name, file.Length)));
    }

    [Fact]
    public void Links_empty_folders_and_what_is_not_there_are_refused_by_name()
    {
        Directory.CreateDirectory(_folder.PathOf("empty"));
        _folder.Write("m/model.onnx", "a");
        File.CreateSymbolicLink(_folder.PathOf("m/other"), "/etc/passwd");

        Assert.Contains("empty", Refused(_folder.PathOf("empty")), StringComparison.Ordinal);
        Assert.Contains("'other' is a symbolic link", Refused(_folder.PathOf("m")), StringComparison.Ordinal);
        Assert.Contains("there is no file or folder", Refused(_folder.PathOf("nothing")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_Git_LFS_pointer_stands_for_what_is_in_the_cache()
    {
        string pointer = _folder.Write("repo/models/model.onnx", $"version https://git-lfs.github.com/spec/v1\noid sha256:{Oid}\nsize 7\n");
        Assert.Contains("git lfs pull", Refused(pointer), StringComparison.Ordinal);
        _folder.Write($"repo/.git/lfs/objects/4d/7a/{Oid}", "content");

        LocalFile file = Assert.Single(LocalFiles.Of(pointer));

        Assert.Equal(("model.onnx", 7L, "content"), (file.Name, file.Length, File.ReadAllText(file.Path)));
        Assert.Equal("model.onnx", Assert.Single(LocalFiles.Of(_folder.PathOf("repo/models"))).Name);
    }

    [Theory]
    [InlineData(".dvc/cache/files/md5/a3/04afb96060aad90176268345e10355")]
    [InlineData(".dvc/cache/a3/04afb96060aad90176268345e10355")]
    public void A_DVC_file_stands_for_what_is_in_the_cache_of_either_layout(string cached)
    {
        string pointer = _folder.Write("repo/model.onnx.dvc", "outs:\n- md5: a304afb96060aad90176268345e10355\n  size: 7\n  hash: md5\n  path: model.onnx\n");
        Assert.Contains("dvc pull", Refused(pointer), StringComparison.Ordinal);
        _folder.Write($"repo/{cached}", "content");

        Assert.Equal("model.onnx", Assert.Single(LocalFiles.Of(pointer)).Name);
        LocalFile named = Assert.Single(LocalFiles.Of(_folder.PathOf("repo/model.onnx")));
        Assert.Equal(("model.onnx", "content"), (named.Name, File.ReadAllText(named.Path)));
    }

    [Fact]
    public void Damaged_pointers_are_refused()
    {
        string lfs = _folder.Write("model.onnx", "version https://git-lfs.github.com/spec/v1\noid sha256:../../../etc/passwd\n");
        string dvc = _folder.Write("other/folder.dvc", "outs:\n- md5: a304afb96060aad90176268345e10355.dir\n  path: folder\n");
        string many = _folder.Write("many.dvc", "outs:\n- md5: a304afb96060aad90176268345e10355\n- md5: a304afb96060aad90176268345e10356\n");

        Assert.Contains("names no sha256", Refused(lfs), StringComparison.Ordinal);
        Assert.Contains("dvc pull", Refused(dvc), StringComparison.Ordinal);
        Assert.Contains("one output", Refused(many), StringComparison.Ordinal);
    }

    [Fact]
    public void A_DVC_file_of_a_folder_stands_for_the_files_that_the_cache_lists()
    {
        string pointer = _folder.Write("repo/model.dvc", "outs:\n- md5: a304afb96060aad90176268345e10355.dir\n  size: 9\n  nfiles: 2\n  hash: md5\n  path: model\n");
        Cache("a304afb96060aad90176268345e10355.dir", """
            [{"md5": "11111111111111111111111111111111", "relpath": "model.onnx"}, {"md5": "22222222222222222222222222222222", "relpath": "weights/w.bin"}]
            """);
        Cache("11111111111111111111111111111111", "graph");
        Assert.Contains("22222222222222222222222222222222 is not in the local cache", Refused(pointer), StringComparison.Ordinal);
        Cache("22222222222222222222222222222222", "data");

        // Given as such it is the version; in a folder it is a part of it.
        (string, string)[] files = [("model.onnx", "graph"), ("weights/w.bin", "data")];
        Assert.Equal(files, Contents(pointer));
        Assert.Equal(files, Contents(_folder.PathOf("repo/model")));
        Assert.Equal(files.Select(static file => ("model/" + file.Item1, file.Item2)), Contents(_folder.PathOf("repo")));

        // Checked out, the files themselves count, once.
        _folder.Write("repo/model/model.onnx", "checked out");
        Assert.Equal([("model.onnx", "checked out")], Contents(pointer));
        Assert.Equal([("model/model.onnx", "checked out")], Contents(_folder.PathOf("repo")));

        void Cache(string digest, string content) => _folder.Write($"repo/.dvc/cache/files/md5/{digest[..2]}/{digest[2..]}", content);
    }

    [Fact]
    public void The_cache_is_where_the_working_copy_says()
    {
        string pointer = _folder.Write("repo/deep/model.onnx.dvc", "outs:\n- md5: a304afb96060aad90176268345e10355\n  path: model.onnx\n");
        _folder.Write("repo/.dvc/config", "[core]\n    remote = origin\n[cache]\n    dir = ../../shared\n");
        _folder.Write("shared/files/md5/a3/04afb96060aad90176268345e10355", "content");
        Assert.Equal([("model.onnx", "content")], Contents(pointer));
    }

    [Fact]
    public void A_file_with_its_pointer_beside_it_is_taken_once()
    {
        _folder.Write("m/model.onnx", "content");
        _folder.Write("m/model.onnx.dvc", "outs:\n- md5: a304afb96060aad90176268345e10355\n  path: model.onnx\n");
        Assert.Equal([("model.onnx", "content")], Contents(_folder.PathOf("m")));
    }

    [Theory]
    [InlineData("not json", "can't be read")]
    [InlineData("{}", "can't be read")]
    [InlineData("[]", "is empty")]
    [InlineData("""[{"relpath": "a"}]""", "can't be read")]
    [InlineData("""[{"md5": "11111111111111111111111111111111", "relpath": "../../etc/passwd"}]""", "names a file that is none")]
    [InlineData("""[{"md5": "11111111111111111111111111111111", "relpath": "/etc/passwd"}]""", "names a file that is none")]
    [InlineData("""[{"md5": "../../../etc/passwd", "relpath": "a"}]""", "names a file that is none")]
    public void A_damaged_list_of_a_DVC_folder_is_refused(string list, string expected)
    {
        string pointer = _folder.Write("repo/model.dvc", "outs:\n- md5: a304afb96060aad90176268345e10355.dir\n  path: model\n");
        _folder.Write("repo/.dvc/cache/a3/04afb96060aad90176268345e10355.dir", list);
        Assert.Contains(expected, Refused(pointer), StringComparison.Ordinal);
    }

    private static (string, string)[] Contents(string path) => [.. LocalFiles.Of(path).Select(static file => (file.Name, File.ReadAllText(file.Path)))];

    private static string Refused(string path)
    {
        CliException fault = Assert.Throws<CliException>(() => LocalFiles.Of(path));
        Assert.Equal(ExitCode.BadInput, fault.ExitCode);
        return fault.Message;
    }
}
