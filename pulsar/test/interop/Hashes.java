import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.apache.pulsar.client.impl.JavaStringHash;
import org.apache.pulsar.client.impl.Murmur3Hash32;

/** Hashes of keys (UTF-8 in hex) by the Java client itself: Murmur3 and Java's own, one pair a line. */
public class Hashes {
    public static void main(String[] keys) {
        for (String hex : keys) {
            String key = new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8);
            System.out.println(Murmur3Hash32.getInstance().makeHash(key) + " " + JavaStringHash.getInstance().makeHash(key));
        }
    }
}
