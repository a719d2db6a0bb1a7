using System.Globalization;
using System.Text.Json;
using Slipway.Core;

namespace Slipway.Security.Keys;

/// <summary>
/// Keys in <c>access/keys.json</c> of the data folder, readable by its owner alone. A change is written beside it, flushed and put in its place in one step; processes
/// take turns by a lock file.
/// </summary>
public sealed class FileApiKeyStore : IApiKeyStore
{
    private const long MostBytes = 16 << 20;
    private const int MostTurns = 200;
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(25);

    private readonly string _file;
    private readonly string _lockFile;

    /// <summary>The keys of a data folder; the file comes with the first key.</summary>
    /// <param name="dataFolder">Full path of the data folder.</param>
    public FileApiKeyStore(string dataFolder)
    {
        string folder = Path.Combine(dataFolder, "access");
        _file = Path.Combine(folder, "keys.json");
        _lockFile = Path.Combine(folder, "keys.lock");
    }

    /// <inheritdoc/>
    public string Stamp
    {
        get
        {
            FileInfo info = new(_file);
            return info.Exists ? string.Create(CultureInfo.InvariantCulture, $"{info.LastWriteTimeUtc.Ticks}/{info.Length}") : "";
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ApiKeyRecord> Read()
    {
        try
        {
            FileInfo info = new(_file);
            if (!info.Exists)
            {
                return [];
            }

            byte[] json = info.Length <= MostBytes ? File.ReadAllBytes(_file) : throw new JsonException();
            ApiKeyFile? content = JsonSerializer.Deserialize(json, ApiKeyJson.Default.ApiKeyFile);
            return content is { Format: ApiKeyFile.CurrentFormat, Keys: { } keys } ? keys : throw new JsonException();
        }
        catch (JsonException damaged)
        {
            throw new SlipwayException(ErrorCode.InvalidConfiguration, "access/keys.json in the data folder is damaged or of another version; restore it from a backup", damaged);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SlipwayException(ErrorCode.Internal, "access/keys.json in the data folder can't be read", fault);
        }
    }

    /// <inheritdoc/>
    public void Update(Func<IReadOnlyList<ApiKeyRecord>, IReadOnlyList<ApiKeyRecord>> change)
    {
        try
        {
            CreatePrivateFolder(Path.GetDirectoryName(_file)!);
            using FileStream turn = TakeTurn();
            Write(change(Read()));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SlipwayException(ErrorCode.Internal, "access/keys.json in the data folder can't be written", fault);
        }
    }

    private void Write(IReadOnlyList<ApiKeyRecord> keys)
    {
        string temporary = _file + ".new";
        using (FileStream stream = new(temporary, PrivateFile(FileMode.Create)))
        {
            JsonSerializer.Serialize(stream, new ApiKeyFile(ApiKeyFile.CurrentFormat, keys), ApiKeyJson.Default.ApiKeyFile);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, _file, overwrite: true);
    }

    private FileStream TakeTurn()
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(_lockFile, PrivateFile(FileMode.OpenOrCreate));
            }
            catch (IOException) when (attempt < MostTurns)
            {
                // Another process writes, which takes milliseconds.
                using ManualResetEventSlim pause = new();
                pause.Wait(Turn);
            }
        }
    }

    private static FileStreamOptions PrivateFile(FileMode mode)
    {
        FileStreamOptions options = new() { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private static void CreatePrivateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
