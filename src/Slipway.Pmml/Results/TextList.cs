using System.Text;
using System.Text.Encodings.Web;

namespace Slipway.Pmml.Results;

/// <summary>Several values as one text: a JSON array of strings.</summary>
internal static class TextList
{
    /// <summary>Writes the array.</summary>
    public static string Of(IEnumerable<string> values)
    {
        StringBuilder text = new("[");
        foreach (string value in values)
        {
            text.Append(text.Length > 1 ? ",\"" : "\"").Append(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value)).Append('"');
        }

        return text.Append(']').ToString();
    }
}
