using System.Globalization;
using Slipway.Inference.Repository;
using Slipway.TestKit;

namespace Slipway.Inference.Tests.Repository;

public sealed class FolderScannerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void What_is_kept_from_look_to_look_says_what_a_first_look_says(int seed)
    {
        Random random = new(seed);
        FolderScanner watching = new(Options(), TimeProvider.System);
        for (int step = 0; step < 120; step++)
        {
            Change(random);
            if (random.Next(4) != 0)
            {
                AgeWhatIsYoung(TimeSpan.FromSeconds(1000 - step));
            }

            Assert.Equal(Describe(new FolderScanner(Options(), TimeProvider.System)), Describe(watching));
        }
    }

    [Fact]
    public void Versions_that_have_not_changed_keep_their_listing_when_another_comes()
    {
        _folder.Write("m/1/model.onnx", OnnxModels.Add(1));
        _folder.Write("m/2/model.onnx", OnnxModels.Add(2));
        _folder.Age(TimeSpan.FromMinutes(1));
        FolderScanner scanner = new(Options(), TimeProvider.System);
        VersionListing[] before = [.. scanner.Scan()["m"].Versions];

        _folder.Write("m/2/model.onnx", OnnxModels.MatMul());
        _folder.Write("m/3/model.onnx", OnnxModels.Add(3));
        VersionListing[] after = [.. scanner.Scan()["m"].Versions];

        Assert.Equal([1, 2, 3], after.Select(static version => version.Number));
        Assert.Same(before[0], after[0]);
        Assert.NotEqual(before[1].Token, after[1].Token);
    }

    private FolderModelSourceOptions Options() => new() { Path = _folder.Root };

    private void Change(Random random)
    {
        string model = random.Next(2) == 0 ? "a" : "b";
        string version = random.Next(1, 6).ToString(CultureInfo.InvariantCulture);
        string file = random.Next(4) switch { 0 => "model.onnx", 1 => "weights.bin", 2 => "more/part.bin", _ => "more/deep/part.bin" };
        string path = Path.Combine(_folder.Root, model, version);
        switch (random.Next(6))
        {
            case 0 when Directory.Exists(path):
                Directory.Delete(path, recursive: true);
                break;
            case 1 when File.Exists(Path.Combine(path, file)):
                File.Delete(Path.Combine(path, file));
                break;
            case 2 when Directory.Exists(path) && !Directory.Exists(path + "0"):
                Directory.Move(path, path + "0");
                break;
            case 3:
                _folder.Write($"{model}/config.pbtxt", new byte[random.Next(1, 9)]);
                break;
            default:
                _folder.Write($"{model}/{version}/{file}", new byte[random.Next(1, 100)]);
                break;
        }
    }

    // So that times tell the change, as they do for whatever is older than two seconds; what is younger is listed again at each look.
    private void AgeWhatIsYoung(TimeSpan age)
    {
        DateTime now = DateTime.UtcNow;
        foreach (string path in Directory.EnumerateFileSystemEntries(_folder.Root, "*", SearchOption.AllDirectories).OrderByDescending(static path => path.Length))
        {
            FileSystemInfo entry = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
            if (now - entry.LastWriteTimeUtc < TimeSpan.FromMinutes(10))
            {
                entry.LastWriteTimeUtc = now - age - TimeSpan.FromMinutes(10);
            }
        }
    }

    private static string Describe(FolderScanner scanner) => string.Join('\n', scanner.Scan().OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair =>
        $"{pair.Key} {pair.Value.Problem} {pair.Value.Config?.Token} {string.Join(' ', pair.Value.Versions.Select(static version => $"{version.Number}:{version.MainFile}:{version.Token}"))}"));
}
