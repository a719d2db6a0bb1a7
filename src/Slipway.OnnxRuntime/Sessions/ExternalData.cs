using Slipway.Core;
using Slipway.OnnxRuntime.Native;
using Slipway.OnnxRuntime.Values;

namespace Slipway.OnnxRuntime.Sessions;

/// <summary>
/// Tensors that a model keeps beside it, given to the engine as memory so that it never opens a file by itself. Stays until the session is made:
/// the engine copies what it keeps.
/// </summary>
internal sealed unsafe class ExternalData : IDisposable
{
    private readonly List<MappedContent> _files = [];

    private ExternalData()
    {
    }

    /// <summary>Maps the files that the model names and tells the options about them.</summary>
    public static ExternalData Attach(SessionOptionsHandle options, IReadOnlyCollection<string> locations, IReadOnlyDictionary<string, ModelContent> contents)
    {
        ExternalData external = new();
        if (locations.Count == 0)
        {
            return external;
        }

        try
        {
            using NativeStrings names = new(locations, asPaths: true);
            nint[] addresses = new nint[locations.Count];
            nuint[] lengths = new nuint[locations.Count];
            int i = 0;
            foreach (string location in locations)
            {
                MappedContent file = MappedContent.Map(contents[location]);
                external._files.Add(file);
                addresses[i] = (nint)file.Pointer;
                lengths[i++] = (nuint)file.Length;
            }

            fixed (nint* first = addresses)
            fixed (nuint* sizes = lengths)
            {
                OrtStatusCheck.Check(OrtLibrary.Api->AddExternalInitializersFromFilesInMemory(
                    options.Pointer, (void**)names.Pointer, (byte**)first, sizes, names.Count));
            }

            return external;
        }
        catch
        {
            external.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (MappedContent file in _files)
        {
            file.Dispose();
        }

        _files.Clear();
    }
}
