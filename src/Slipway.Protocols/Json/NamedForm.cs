using System.Text;
using Slipway.Core;

namespace Slipway.Protocols.Json;

/// <summary>Decides whether an object names a model's inputs, or the features of its only input.</summary>
internal static class NamedForm
{
    /// <summary>The signature that the keys are of: the model's own, unless the object's first key is no input of it and one of its features.</summary>
    /// <param name="cursor">Stands before the object; a copy, so that nothing is taken.</param>
    /// <param name="signature">What the model takes.</param>
    public static ModelSignature Of(JsonCursor cursor, ModelSignature signature)
    {
        bool first = true;
        if (signature.Columns is not { } columns || !cursor.TryTake((byte)'{') || !cursor.NextProperty(ref first, out ReadOnlySpan<byte> key))
        {
            return signature;
        }

        string name = Encoding.UTF8.GetString(key);
        return signature.IndexOfInput(name) < 0 && columns.IndexOfInput(name) >= 0 ? columns : signature;
    }
}
